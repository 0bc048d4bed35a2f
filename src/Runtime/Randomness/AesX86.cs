using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Randomness;

/// <summary>AES-NI: eight independent blocks hide the latency of a round.</summary>
internal sealed class AesX86 : IAesKernel
{
    public static bool IsSupported => Aes.IsSupported && Ssse3.IsSupported;

    public static void ExpandKeys(ReadOnlySpan<Block> keys, Span<AesKey> expanded)
    {
        for (int i = 0; i < keys.Length; i++)
            expanded[i][0] = keys[i];

        // Rounds outside, keys inside: the keys' dependency chains overlap.
        uint roundConstant = 1;
        for (int round = 1; round < AesKey.RoundKeys; round++)
        {
            Vector128<byte> constant = Vector128.Create(roundConstant).AsByte();
            for (int i = 0; i < keys.Length; i++)
                expanded[i][round] = new(NextRoundKey(expanded[i][round - 1].Vector, constant));
            roundConstant = AesSchedule.NextConstant(roundConstant);
        }
    }

    // AESENCLAST of four equal columns is SubWord of each, since ShiftRows has no effect on them; unlike
    // AESKEYGENASSIST it is not microcoded.
    private static Vector128<byte> NextRoundKey(Vector128<byte> key, Vector128<byte> constant)
    {
        Vector128<byte> word = Aes.EncryptLast(Ssse3.Shuffle(key, AesSchedule.RotatedLastWord), constant);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 8);
        return key ^ word;
    }

    public static void Encrypt8(ref readonly AesKey key, ref Block input, ref Block output)
    {
        ReadOnlySpan<Block> roundKeys = key;
        Vector128<byte> k = roundKeys[0].Vector;
        Vector128<byte> b0 = input.Vector ^ k;
        Vector128<byte> b1 = Unsafe.Add(ref input, 1).Vector ^ k;
        Vector128<byte> b2 = Unsafe.Add(ref input, 2).Vector ^ k;
        Vector128<byte> b3 = Unsafe.Add(ref input, 3).Vector ^ k;
        Vector128<byte> b4 = Unsafe.Add(ref input, 4).Vector ^ k;
        Vector128<byte> b5 = Unsafe.Add(ref input, 5).Vector ^ k;
        Vector128<byte> b6 = Unsafe.Add(ref input, 6).Vector ^ k;
        Vector128<byte> b7 = Unsafe.Add(ref input, 7).Vector ^ k;
        for (int round = 1; round < AesKey.RoundKeys - 1; round++)
        {
            k = roundKeys[round].Vector;
            b0 = Aes.Encrypt(b0, k);
            b1 = Aes.Encrypt(b1, k);
            b2 = Aes.Encrypt(b2, k);
            b3 = Aes.Encrypt(b3, k);
            b4 = Aes.Encrypt(b4, k);
            b5 = Aes.Encrypt(b5, k);
            b6 = Aes.Encrypt(b6, k);
            b7 = Aes.Encrypt(b7, k);
        }

        k = roundKeys[AesKey.RoundKeys - 1].Vector;
        output = new(Aes.EncryptLast(b0, k));
        Unsafe.Add(ref output, 1) = new(Aes.EncryptLast(b1, k));
        Unsafe.Add(ref output, 2) = new(Aes.EncryptLast(b2, k));
        Unsafe.Add(ref output, 3) = new(Aes.EncryptLast(b3, k));
        Unsafe.Add(ref output, 4) = new(Aes.EncryptLast(b4, k));
        Unsafe.Add(ref output, 5) = new(Aes.EncryptLast(b5, k));
        Unsafe.Add(ref output, 6) = new(Aes.EncryptLast(b6, k));
        Unsafe.Add(ref output, 7) = new(Aes.EncryptLast(b7, k));
    }
}
