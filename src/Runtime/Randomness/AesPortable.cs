using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Randomness;

/// <summary>
/// AES in plain 64-bit arithmetic, for processors without AES instructions: bit-sliced, so no table is indexed and no
/// branch taken by secret data. Four blocks, 64 bytes, are eight planes of 64 bits; bit j of plane p is bit p of byte j.
/// </summary>
internal sealed class AesPortable : IAesKernel
{
    private const int BlocksPerSlice = 4;
    private const int WordsPerSlice = 16;
    private const ulong FirstRow = 0x1111_1111_1111_1111;

    public static bool IsSupported => true;

    public static void ExpandKeys(ReadOnlySpan<Block> keys, Span<AesKey> expanded)
    {
        for (int i = 0; i < keys.Length; i += WordsPerSlice)
        {
            int count = Math.Min(WordsPerSlice, keys.Length - i);
            ExpandSlice(keys.Slice(i, count), expanded.Slice(i, count));
        }
    }

    // One substitution serves a word of each of sixteen keys.
    private static void ExpandSlice(ReadOnlySpan<Block> keys, Span<AesKey> expanded)
    {
        Span<uint> words = stackalloc uint[WordsPerSlice];
        for (int i = 0; i < keys.Length; i++)
            expanded[i][0] = keys[i];

        uint roundConstant = 1;
        for (int round = 1; round < AesKey.RoundKeys; round++)
        {
            words.Clear();
            for (int i = 0; i < keys.Length; i++)
                words[i] = (uint)(expanded[i][round - 1].High >> 32);
            Span<byte> bytes = MemoryMarshal.AsBytes(words);
            BytePlanes.Slice(bytes).Substitute().Unslice(bytes);
            for (int i = 0; i < keys.Length; i++)
                expanded[i][round] = NextRoundKey(expanded[i][round - 1], BitOperations.RotateRight(words[i], 8) ^ roundConstant);
            roundConstant = AesSchedule.NextConstant(roundConstant);
        }
    }

    // Each column is the sum of the columns up to it and the substituted word.
    private static Block NextRoundKey(Block key, uint word)
    {
        ulong low = key.Low ^ (key.Low << 32);
        ulong high = key.High ^ (key.High << 32);
        ulong all = word | ((ulong)word << 32);
        ulong columns = low >> 32;
        return new Block(low ^ all, high ^ all ^ columns ^ (columns << 32));
    }

    public static void Encrypt8(ref readonly AesKey key, ref Block input, ref Block output)
    {
        Span<BytePlanes> roundKeys = stackalloc BytePlanes[AesKey.RoundKeys];
        Span<Block> repeated = stackalloc Block[BlocksPerSlice];
        for (int round = 0; round < AesKey.RoundKeys; round++)
        {
            repeated.Fill(key[round]);
            roundKeys[round] = BytePlanes.Slice(MemoryMarshal.AsBytes(repeated));
        }

        for (int offset = 0; offset < 8; offset += BlocksPerSlice)
        {
            Span<Block> source = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref input, offset), BlocksPerSlice);
            Span<Block> target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref output, offset), BlocksPerSlice);
            EncryptSlice(roundKeys, BytePlanes.Slice(MemoryMarshal.AsBytes(source))).Unslice(MemoryMarshal.AsBytes(target));
        }
    }

    private static BytePlanes EncryptSlice(ReadOnlySpan<BytePlanes> roundKeys, BytePlanes state)
    {
        state = state.Add(roundKeys[0]);
        for (int round = 1; round < AesKey.RoundKeys - 1; round++)
            state = MixColumns(ShiftRows(state.Substitute())).Add(roundKeys[round]);
        return ShiftRows(state.Substitute()).Add(roundKeys[AesKey.RoundKeys - 1]);
    }

    // Byte 4c + r of a block is row r of column c: a row is every fourth bit of sixteen, and rotates within them.
    private static BytePlanes ShiftRows(BytePlanes state)
    {
        for (int plane = 0; plane < 8; plane++)
        {
            ulong x = state[plane];
            ulong shifted = x & FirstRow;
            for (int row = 1; row < 4; row++)
                shifted |= Rotate(x, 16, 4 * row) & (FirstRow << row);
            state[plane] = shifted;
        }

        return state;
    }

    // 2·a_r + 3·a_{r+1} + a_{r+2} + a_{r+3} = 2·t_r + a_{r+1} + t_{r+2} with t_r = a_r + a_{r+1}.
    private static BytePlanes MixColumns(BytePlanes state)
    {
        BytePlanes sums = default;
        BytePlanes rest = default;
        for (int plane = 0; plane < 8; plane++)
        {
            ulong next = Rotate(state[plane], 4, 1);
            sums[plane] = state[plane] ^ next;
            rest[plane] = next ^ Rotate(sums[plane], 4, 2);
        }

        return sums.TimesX().Add(rest);
    }

    /// <summary>Rotates every field of <paramref name="width"/> bits right by <paramref name="count"/>.</summary>
    private static ulong Rotate(ulong x, int width, int count)
    {
        ulong fields = width == 4 ? FirstRow : 0x0001_0001_0001_0001;
        ulong kept = fields * ((1UL << (width - count)) - 1);
        return ((x >> count) & kept) | ((x << (width - count)) & ~kept);
    }
}
