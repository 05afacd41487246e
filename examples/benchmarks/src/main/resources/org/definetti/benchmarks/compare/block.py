  def model(self: __torch__.Peer,
    inputs: List[Tensor],
    w: List[Tensor]) -> Tensor:
    x = inputs[0]
    b = torch.size(x, 0)
    l = torch.size(x, 1)
    d = torch.size(x, 2)
    qkv = torch.linear(x, w[0], w[1])
    q, k, v = torch.unbind(torch.permute(torch.view(qkv, [b, l, 3, $HEADS, torch.floordiv(d, $HEADS)]), [2, 0, 3, 1, 4]))
    a = torch.scaled_dot_product_attention(q, k, v)
    c = torch.reshape(torch.transpose(a, 1, 2), [b, l, d])
    h = torch.layer_norm(torch.add(x, torch.linear(c, w[2], w[3])), [d], w[4], w[5], 1e-05)
    f = torch.linear(torch.gelu(torch.linear(h, w[6], w[7])), w[8], w[9])
    return torch.layer_norm(torch.add(h, f), [d], w[10], w[11], 1e-05)
  def attention(self: __torch__.Peer,
    inputs: List[Tensor]) -> Tensor:
    x = inputs[0]
    b = torch.size(x, 0)
    l = torch.size(x, 1)
    d = torch.size(x, 2)
    q = torch.transpose(torch.view(x, [b, l, $HEADS, torch.floordiv(d, $HEADS)]), 1, 2)
    return torch.add(torch.zeros([1]), torch._fused_sdp_choice(q, q, q))
