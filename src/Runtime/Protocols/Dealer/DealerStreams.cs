using System.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.Dealer;

/// <summary>
/// What a party and the dealer expand from the seed that they share for a session. Each stream is named by what it is for, so
/// that neither depends on the order in which the other draws; a name is drawn once.
/// </summary>
internal sealed class DealerStreams(Block seed)
{
    private readonly AesCtrGenerator _seed = new(seed);

    /// <summary>The server's A of a linear step, for the session.</summary>
    public ulong[] WeightMask(int step, int count, int ringBits) => Draw<ulong>($"session/{step}/weights", count, ringBits);

    /// <summary>The client's share of a step's output.</summary>
    public ulong[] OutputShare(ulong serial, int step, int count, int ringBits) => Draw<ulong>(serial, step, "output", count, ringBits);

    /// <summary>The client's pad k of a linear step.</summary>
    public ulong[] Pad(ulong serial, int step, int count, int ringBits) => Draw<ulong>(serial, step, "pad", count, ringBits);

    /// <summary>Words of a step in an inference.</summary>
    /// <param name="serial">Counts the session's inferences, from 0.</param>
    /// <param name="step">Position in the plan's steps.</param>
    /// <param name="purpose">What for; distinct within the step.</param>
    /// <param name="count">How many.</param>
    /// <param name="bits">Of each.</param>
    public TWord[] Draw<TWord>(ulong serial, int step, string purpose, int count, int bits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
        => Draw<TWord>($"{serial}/{step}/{purpose}", count, bits);

    private TWord[] Draw<TWord>(string purpose, int count, int ringBits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        TWord[] words = new TWord[count];
        _seed.Fork(purpose).FillRing<TWord>(words, ringBits);
        return words;
    }
}
