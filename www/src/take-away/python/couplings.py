def independent_pair(data, noise):
    """Each data point meets whichever noise point was drawn beside it."""
    return noise


def minibatch_ot_pair(data, noise):
    """The permutation of least squared distance within a block (Pooladian 2023; Tong 2023)."""
    from scipy.optimize import linear_sum_assignment

    paired, block = [], METHOD["couplingBatch"]
    for some, others in zip(data.split(block), noise.split(block)):
        _, columns = linear_sum_assignment(torch.cdist(some, others).square().cpu().numpy())
        paired.append(others[torch.as_tensor(columns, device=DEVICE)])
    return torch.cat(paired)


def sinkhorn_pair(data, noise):
    """A draw from the entropy-regularized plan within a block (Cuturi 2013; Tong 2023)."""
    paired, block = [], METHOD["couplingBatch"]
    for some, others in zip(data.split(block), noise.split(block)):
        logits = -torch.cdist(some, others).square() / METHOD["coupling"]["sinkhorn"]["regularization"]
        row, column = torch.zeros(len(some), 1, device=DEVICE), torch.zeros(1, len(some), device=DEVICE)
        for _ in range(200):
            column = -torch.logsumexp(logits + row, 0, keepdim=True)
            row = -torch.logsumexp(logits + column, 1, keepdim=True)
        chosen = torch.multinomial(torch.softmax(logits + row + column, 1), 1).squeeze(1)
        paired.append(others[chosen])
    return torch.cat(paired)
