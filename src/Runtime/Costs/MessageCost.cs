namespace PrivateInference.Runtime.Costs;

/// <summary>
/// One message of a protocol: who sends it, in which phase, and how many payload bytes it has. A protocol's cost is the
/// ordered list of its messages; the meter records the same list as it happens, and an audit compares the two.
/// </summary>
public readonly record struct MessageCost(Phase Phase, Party Sender, long Bytes);
