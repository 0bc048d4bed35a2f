using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The labels of one block of eight instances: slot w holds its eight labels next to each other, so that every gate reads
/// and writes contiguous memory.
/// </summary>
internal static class Lanes
{
    public const int Count = TweakableHash.Lanes;

    /// <summary>The eight labels of a wire slot.</summary>
    public static Span<Block> Of(Span<Block> labels, int slot) => labels.Slice(slot * Count, Count);

    /// <summary>output = left ⊕ right.</summary>
    public static void Xor(Span<Block> labels, Gate gate)
    {
        Span<Block> left = Of(labels, gate.Left);
        Span<Block> right = Of(labels, gate.Right);
        Span<Block> output = Of(labels, gate.Output);
        for (int lane = 0; lane < Count; lane++)
            output[lane] = left[lane] ^ right[lane];
    }

    /// <summary>output = input ⊕ offset in every lane.</summary>
    public static void Offset(ReadOnlySpan<Block> input, Block offset, Span<Block> output)
    {
        for (int lane = 0; lane < Count; lane++)
            output[lane] = input[lane] ^ offset;
    }

    /// <summary>
    /// Puts the labels of up to eight instances, [instance][bit], into the lanes of the slots from
    /// <paramref name="firstSlot"/>; the other lanes stay as they are.
    /// </summary>
    public static void Load(ReadOnlySpan<Block> instances, int bits, Span<Block> labels, int firstSlot)
    {
        for (int lane = 0; instances.Length > 0; lane++, instances = instances[bits..])
        {
            for (int bit = 0; bit < bits; bit++)
                labels[((firstSlot + bit) * Count) + lane] = instances[bit];
        }
    }

    /// <summary>Copies the outputs' labels of a block's instances, [instance][output].</summary>
    public static void Store(ReadOnlySpan<Block> labels, ReadOnlySpan<int> outputs, int instances, Span<Block> stored)
    {
        for (int lane = 0, position = 0; lane < instances; lane++)
        {
            foreach (int output in outputs)
                stored[position++] = labels[(output * Count) + lane];
        }
    }

    /// <summary>Sets, from bit <paramref name="position"/> of zeroed bytes, the colour of each output, [instance][output].</summary>
    public static void StoreColors(
        ReadOnlySpan<Block> labels, ReadOnlySpan<int> outputs, int instances, long position, Span<byte> packed)
    {
        for (int lane = 0; lane < instances; lane++)
        {
            foreach (int output in outputs)
            {
                ulong color = labels[(output * Count) + lane].LeastSignificantBit;
                packed[(int)(position >> 3)] |= (byte)(color << (int)(position & 7));
                position++;
            }
        }
    }
}
