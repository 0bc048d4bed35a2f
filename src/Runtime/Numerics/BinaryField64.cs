namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// GF(2^64) modulo X^64 + X^4 + X^3 + X + 1; bit i is the coefficient of X^i. Addition is exclusive or. Without branches or table
/// look-ups, as elements may be secret.
/// </summary>
internal static class BinaryField64
{
    private const ulong Reduction = 0b1_1011;

    /// <summary>a·X.</summary>
    public static ulong TimesX(ulong a) => (a << 1) ^ (Reduction & (0 - (a >> 63)));

    public static ulong Multiply(ulong a, ulong b)
    {
        ulong product = 0;
        for (int bit = 0; bit < 64; bit++)
        {
            product ^= a & (0 - ((b >> bit) & 1));
            a = TimesX(a);
        }

        return product;
    }
}
