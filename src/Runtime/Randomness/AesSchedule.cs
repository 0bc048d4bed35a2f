using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Randomness;

/// <summary>What the kernels' key expansions share (FIPS 197, section 5.2).</summary>
internal static class AesSchedule
{
    /// <summary>Shuffle indices that put RotWord of the last column in all four columns.</summary>
    public static Vector128<byte> RotatedLastWord => Vector128.Create(0x0C0F0E0Du).AsByte();

    /// <summary>The round constant after <paramref name="constant"/>: times x in GF(2^8).</summary>
    public static uint NextConstant(uint constant) => (constant << 1) ^ ((constant >> 7) * 0x11B);
}
