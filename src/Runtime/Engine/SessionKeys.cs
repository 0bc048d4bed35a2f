using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The setup messages of a session. From the client: the first flight of the base oblivious transfers, then its RLWE
/// public keys in the program's order. From the server: the second flight, then the public start point of the garbling hash. Where a plan
/// needs transfers, from the client the trees of those in which it chooses. Where a plan has shared signs, faithful divisions or steps by
/// oblivious transfer, the server chooses, too: the client's message ends with the base transfers of that direction, and the server
/// answers with its trees, alone or, for steps by oblivious transfer, within the messages of
/// <see cref="Protocols.TwoParty.Comparison.SilentTransfers"/>, which follow.
/// </summary>
internal static class SessionKeys
{
    /// <summary>The server's message.</summary>
    public static long ServerBytes => BaseOt.ReceiverBytes(CorrelatedOt.BaseCount) + Block.Size;

    /// <summary>The client's first message.</summary>
    public static long ClientBytes(TwoPartyProgram program)
        => BaseOt.SenderBytes + program.KeySets.Sum(k => (long)RlweParameters.Get(k.Degree, k.PrimeCount).PublicKeyBytes);

    /// <summary>The client's second message, where the plan needs transfers.</summary>
    public static long ClientTreeBytes(TwoPartyProgram program, bool withDealer)
        => CorrelatedOt.SetupBytes() + (program.NeedsChoices(withDealer) ? CorrelatedOt.ReverseBytes() : 0);

    /// <summary>The server's answer to it, where the server chooses but not by silent transfers.</summary>
    public static long ServerTreeBytes => CorrelatedOt.SetupBytes();
}
