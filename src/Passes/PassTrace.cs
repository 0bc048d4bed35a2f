namespace PrivateInference.Passes;

/// <summary>What one run of a pass did to a graph.</summary>
/// <param name="Pass">The pass's name.</param>
/// <param name="Changed">Whether it rewrote anything.</param>
/// <param name="NodesBefore">Nodes of the graph it got, constants included.</param>
/// <param name="NodesAfter">Nodes of the graph it gave.</param>
/// <param name="SignDecisionsBefore">Sign decisions of the graph it got; see <see cref="SignDecisions"/>.</param>
/// <param name="SignDecisionsAfter">Sign decisions of the graph it gave.</param>
public sealed record PassTrace(
    string Pass, bool Changed, int NodesBefore, int NodesAfter, long SignDecisionsBefore, long SignDecisionsAfter);
