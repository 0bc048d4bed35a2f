using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>The unused material in a store for one plan and one other party.</summary>
/// <param name="Role">Whose half it is.</param>
/// <param name="Plan">The first 128 bits of the plan's hash, in hexadecimal digits.</param>
/// <param name="Peer">The other party: of a server its store's identity, of a client that of its secret.</param>
/// <param name="Count">Inferences.</param>
/// <param name="Bytes">On the disk.</param>
/// <param name="Oldest">When the oldest was made.</param>
public sealed record StoredItems(Party Role, string Plan, string Peer, int Count, long Bytes, DateTimeOffset Oldest);
