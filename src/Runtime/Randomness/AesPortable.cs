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
    private const ulong FirstRow = 0x1111_1111_1111_1111;

    public static bool IsSupported => true;

    public static void ExpandKeys(ReadOnlySpan<Block> keys, Span<AesKey> expanded)
    {
        for (int i = 0; i < keys.Length; i++)
            ExpandKey(keys[i], ref expanded[i]);
    }

    private static void ExpandKey(Block key, ref AesKey expanded)
    {
        Span<uint> words = MemoryMarshal.Cast<Block, uint>((Span<Block>)expanded);
        expanded[0] = key;
        uint roundConstant = 1;
        for (int i = 4; i < words.Length; i++)
        {
            uint word = words[i - 1];
            if (i % 4 == 0)
            {
                word = SubstituteWord((word >> 8) | (word << 24)) ^ roundConstant;
                roundConstant = AesSchedule.NextConstant(roundConstant);
            }

            words[i] = words[i - 4] ^ word;
        }
    }

    private static uint SubstituteWord(uint word)
    {
        Span<byte> bytes = stackalloc byte[64];
        bytes.Clear();
        MemoryMarshal.Write(bytes, in word);
        BytePlanes planes = BytePlanes.Slice(bytes);
        planes.Substitute().Unslice(bytes);
        return MemoryMarshal.Read<uint>(bytes);
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
