class Peer(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  def forward(self: __torch__.Peer,
    inputs: List[Tensor],
    target: Tensor,
    parameters: List[Tensor],
    first: List[Tensor],
    second: List[Tensor],
    steps: List[Tensor]) -> Tensor:
    weights = annotate(List[Tensor], [])
    for w in parameters:
      _0 = torch.append(weights, torch.requires_grad_(torch.detach(w)))
    loss = torch.mul(torch.mse_loss((self).model(inputs, weights, ), target), $WIDTH)
    gradients = annotate(List[Tensor], [])
    for g in torch.grad([loss], weights):
      _1 = torch.append(gradients, unchecked_cast(Tensor, g))
    torch._foreach_add_(steps, 1)
    torch._fused_adam_(parameters, gradients, first, second, annotate(List[Tensor], []), steps, lr=0.001, beta1=0.9, beta2=0.999, weight_decay=0., eps=1e-08, amsgrad=False, maximize=False)
    return torch.detach(loss)
  def infer(self: __torch__.Peer,
    inputs: List[Tensor],
    parameters: List[Tensor]) -> Tensor:
    return (self).model(inputs, parameters, )
