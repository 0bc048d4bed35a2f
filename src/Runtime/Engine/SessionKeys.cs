using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// The two setup messages of a session. From the client: the first flight of the base oblivious transfers, then its RLWE
/// public keys in the program's order. From the server: the second flight, then the public start point of the garbling hash.
/// </summary>
internal static class SessionKeys
{
    public static long ClientBytes(TwoPartyProgram program)
        => BaseOt.SenderBytes + program.KeySets.Sum(k => (long)RlweParameters.Get(k.Degree, k.PrimeCount).PublicKeyBytes);

    public static long ServerBytes => BaseOt.ReceiverBytes(CorrelatedOt.BaseCount) + Block.Size;
}
