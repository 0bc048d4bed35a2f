using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace PrivateInference.Runtime.Randomness;

/// <summary>The Arm cryptography extension. AESE adds the round key before SubBytes, so keys shift by one against x86.</summary>
internal sealed class AesArm : IAesKernel
{
    public static bool IsSupported => Aes.IsSupported && AdvSimd.Arm64.IsSupported;

    public static void ExpandKeys(ReadOnlySpan<Block> keys, Span<AesKey> expanded)
    {
        for (int i = 0; i < keys.Length; i++)
            expanded[i][0] = keys[i];

        uint roundConstant = 1;
        for (int round = 1; round < AesKey.RoundKeys; round++)
        {
            Vector128<byte> constant = Vector128.Create(roundConstant).AsByte();
            for (int i = 0; i < keys.Length; i++)
                expanded[i][round] = new(NextRoundKey(expanded[i][round - 1].Vector, constant));
            roundConstant = AesSchedule.NextConstant(roundConstant);
        }
    }

    private static Vector128<byte> NextRoundKey(Vector128<byte> key, Vector128<byte> constant)
    {
        Vector128<byte> rotated = AdvSimd.Arm64.VectorTableLookup(key, AesSchedule.RotatedLastWord);
        Vector128<byte> word = Aes.Encrypt(rotated, Vector128<byte>.Zero) ^ constant;
        key ^= AdvSimd.ExtractVector128(Vector128<byte>.Zero, key, 12);
        key ^= AdvSimd.ExtractVector128(Vector128<byte>.Zero, key, 8);
        return key ^ word;
    }

    public static void Encrypt8(ref readonly AesKey key, ref Block input, ref Block output)
    {
        ReadOnlySpan<Block> roundKeys = key;
        Encrypt4(roundKeys, ref input, ref output);
        Encrypt4(roundKeys, ref Unsafe.Add(ref input, 4), ref Unsafe.Add(ref output, 4));
    }

    private static void Encrypt4(ReadOnlySpan<Block> roundKeys, ref Block input, ref Block output)
    {
        Vector128<byte> b0 = input.Vector;
        Vector128<byte> b1 = Unsafe.Add(ref input, 1).Vector;
        Vector128<byte> b2 = Unsafe.Add(ref input, 2).Vector;
        Vector128<byte> b3 = Unsafe.Add(ref input, 3).Vector;
        for (int round = 0; round < AesKey.RoundKeys - 2; round++)
        {
            Vector128<byte> k = roundKeys[round].Vector;
            b0 = Aes.MixColumns(Aes.Encrypt(b0, k));
            b1 = Aes.MixColumns(Aes.Encrypt(b1, k));
            b2 = Aes.MixColumns(Aes.Encrypt(b2, k));
            b3 = Aes.MixColumns(Aes.Encrypt(b3, k));
        }

        Vector128<byte> next = roundKeys[AesKey.RoundKeys - 2].Vector;
        Vector128<byte> last = roundKeys[AesKey.RoundKeys - 1].Vector;
        output = new(Aes.Encrypt(b0, next) ^ last);
        Unsafe.Add(ref output, 1) = new(Aes.Encrypt(b1, next) ^ last);
        Unsafe.Add(ref output, 2) = new(Aes.Encrypt(b2, next) ^ last);
        Unsafe.Add(ref output, 3) = new(Aes.Encrypt(b3, next) ^ last);
    }
}
