using System.Runtime.InteropServices;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Bits of many instances, bit-sliced: plane p holds bit p of every instance, 64 instances a word, so that one instruction
/// computes a gate of 64 instances or more. What lies beyond the last instance is arbitrary.
/// </summary>
internal sealed class BitPlanes
{
    /// <summary>Instances in a word of a plane.</summary>
    public const int Lanes = 64;

    private readonly ulong[] _bits;

    /// <param name="count">Planes.</param>
    /// <param name="words">Words a plane, see <see cref="WordsFor"/>.</param>
    public BitPlanes(int count, int words)
    {
        Words = words;
        _bits = new ulong[checked(count * words)];
    }

    /// <summary>The planes of the low <paramref name="count"/> bits of each element.</summary>
    public BitPlanes(int count, ReadOnlySpan<ulong> elements)
        : this(count, WordsFor(elements.Length))
    {
        Span<ulong> tile = stackalloc ulong[Lanes];
        for (int word = 0; word < Words; word++)
        {
            ReadOnlySpan<ulong> group = elements.Slice(word * Lanes, Math.Min(Lanes, elements.Length - (word * Lanes)));
            tile.Clear();
            group.CopyTo(tile);
            BitTile.Transpose(tile);
            for (int plane = 0; plane < count; plane++)
                _bits[(plane * Words) + word] = tile[plane];
        }
    }

    /// <summary>Words a plane.</summary>
    public int Words { get; }

    public Span<ulong> this[int plane] => _bits.AsSpan(plane * Words, Words);

    /// <summary>Words that hold a bit of so many instances each.</summary>
    public static int WordsFor(int instances) => (instances + Lanes - 1) / Lanes;

    /// <summary>One instance's bit of a plane.</summary>
    public static ulong Bit(ReadOnlySpan<ulong> plane, int instance) => (plane[instance / Lanes] >> (instance % Lanes)) & 1;

    /// <summary>The choices in correlations of silent transfers, as a plane.</summary>
    public static void Choices(ReadOnlySpan<Block> correlations, Span<ulong> plane)
    {
        for (int word = 0; word < plane.Length; word++)
        {
            ulong choices = 0;
            for (int lane = 0; lane < Lanes; lane++)
                choices |= correlations[(word * Lanes) + lane].LeastSignificantBit << lane;
            plane[word] = choices;
        }
    }

    /// <summary>The sum of two planes modulo 2.</summary>
    public static ulong[] Sum(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        ulong[] sum = left.ToArray();
        for (int i = 0; i < sum.Length; i++)
            sum[i] ^= right[i];
        return sum;
    }

    /// <summary>All planes, one after another.</summary>
    public void Send(IChannel channel) => channel.Send(MemoryMarshal.AsBytes(_bits.AsSpan()));

    /// <summary>Fills all planes.</summary>
    public void Receive(IChannel channel) => channel.Receive(MemoryMarshal.AsBytes(_bits.AsSpan()));

    public void Keep(MaterialFields fields) => fields.Keep(_bits);

    /// <summary>Adds planes of the same number and length modulo 2.</summary>
    public void Add(BitPlanes other)
    {
        for (int i = 0; i < _bits.Length; i++)
            _bits[i] ^= other._bits[i];
    }

    public void Clear() => Array.Clear(_bits);
}
