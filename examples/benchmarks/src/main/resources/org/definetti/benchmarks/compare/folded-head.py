  def model(self: __torch__.Peer,
    inputs: List[Tensor],
    w: List[Tensor]) -> Tensor:
    b = torch.size(inputs[0], 0)
    q = torch.linear(inputs[0], w[0], w[1])
    u = torch.div(torch.matmul(q, w[2]), torch.sqrt(torch.size(q, 1)))
    p = torch.softmax(torch.bmm(torch.unsqueeze(u, 1), torch.transpose(inputs[1], 1, 2)), -1)
    s = torch.bmm(p, inputs[2])
    return torch.linear(torch.linear(torch.view(s, [b, -1]), w[3]), w[4], w[5])
