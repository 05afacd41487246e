  def model(self: __torch__.Peer,
    inputs: List[Tensor],
    w: List[Tensor]) -> Tensor:
    b = torch.size(inputs[0], 0)
    q = torch.linear(inputs[0], w[0], w[1])
    k = torch.linear(inputs[1], w[2])
    v = torch.linear(inputs[2], w[3])
    s = torch.scaled_dot_product_attention(torch.view(q, [b, 1, 1, -1]), torch.unsqueeze(k, 1), torch.unsqueeze(v, 1))
    return torch.linear(torch.view(s, [b, -1]), w[4], w[5])
