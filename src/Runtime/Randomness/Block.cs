using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Randomness;

/// <summary>
/// 128 secret bits: a wire label, a key, a seed or a row of an OT matrix. In memory and on the wire it is 16 bytes; bit i
/// is bit i mod 8 of byte i / 8. It has no equality operator and no text form, because both would invite leaks.
/// </summary>
public readonly struct Block
{
    /// <summary>Bytes of one block.</summary>
    public const int Size = 16;

    /// <summary>Bits of one block.</summary>
    public const int Bits = 128;

    internal readonly Vector128<byte> Vector;

    /// <summary>The block whose bits 0–63 are <paramref name="low"/> and whose bits 64–127 are <paramref name="high"/>.</summary>
    public Block(ulong low, ulong high) => Vector = Vector128.Create(low, high).AsByte();

    internal Block(Vector128<byte> vector) => Vector = vector;

    /// <summary>Bits 0–63.</summary>
    public ulong Low => Vector.AsUInt64().ToScalar();

    /// <summary>Bits 64–127.</summary>
    public ulong High => Vector.AsUInt64().GetElement(1);

    /// <summary>Bit 0: the colour of a wire label.</summary>
    public ulong LeastSignificantBit => Low & 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block operator ^(Block left, Block right) => new(left.Vector ^ right.Vector);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block operator &(Block left, Block right) => new(left.Vector & right.Vector);

    /// <summary>128 copies of the lowest bit of <paramref name="bit"/>, without a branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Block Mask(ulong bit) => new(Vector128.Create(0UL - (bit & 1)).AsByte());

    /// <summary>128 copies of this block's bit 0, without a branch and without leaving the vector registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Block MaskOfLeastSignificantBit()
    {
        Vector128<int> sign = Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(Vector.AsInt32(), 31), 31);
        return new(Vector128.Shuffle(sign, Vector128<int>.Zero).AsByte());
    }

    /// <summary>The block stored in the first 16 bytes.</summary>
    public static Block Read(ReadOnlySpan<byte> source) => MemoryMarshal.Read<Block>(source);

    /// <summary>Stores the block in the first 16 bytes.</summary>
    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in this);
}
