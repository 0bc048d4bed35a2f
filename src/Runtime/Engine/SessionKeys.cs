using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The setup messages of a session. From the client: the first flight of the base oblivious transfers, then its RLWE
/// public keys in the program's order. From the server: the second flight, then the public start point of the garbling hash. Where a plan has
/// shared signs, faithful divisions or steps by oblivious transfer, the server's message ends with the first flight of base transfers in
/// the other direction, and the client sends their second in a message of its own; for steps by oblivious transfer the messages of
/// <see cref="Protocols.TwoParty.Comparison.SilentTransfers"/> follow.
/// </summary>
internal static class SessionKeys
{
    public static long ClientBytes(TwoPartyProgram program)
        => BaseOt.SenderBytes + program.KeySets.Sum(k => (long)RlweParameters.Get(k.Degree, k.PrimeCount).PublicKeyBytes);

    public static long ServerBytes(TwoPartyProgram program, bool withDealer)
        => BaseOt.ReceiverBytes(CorrelatedOt.BaseCount) + Block.Size + (program.NeedsChoices(withDealer) ? BaseOt.SenderBytes : 0);

    /// <summary>The client's second message.</summary>
    public static long ChoiceBytes => BaseOt.ReceiverBytes(CorrelatedOt.BaseCount);
}
