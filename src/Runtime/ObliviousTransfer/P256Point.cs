using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>
/// A finite point of NIST P-256 that is, or is about to be, public: this arithmetic takes variable time. Multiplication by
/// secrets is left to the platform's <see cref="ECDiffieHellman"/>.
/// </summary>
internal sealed class P256Point
{
    /// <summary>Bytes of the encoding: x, then y, each 32 bytes big-endian.</summary>
    public const int Size = 2 * CoordinateSize;

    private const int CoordinateSize = 32;

    // FIPS 186-4, D.1.2.3; the curve is y² = x³ − 3x + b.
    private static readonly BigInteger s_prime = Hex("0ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static readonly BigInteger s_b = Hex("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    private readonly BigInteger _x;
    private readonly BigInteger _y;

    private P256Point(BigInteger x, BigInteger y)
    {
        _x = x;
        _y = y;
    }

    /// <summary>The public point of a key pair.</summary>
    public static P256Point Of(ECDiffieHellman key)
    {
        ECPoint point = key.ExportParameters(includePrivateParameters: false).Q;
        return new(ReadCoordinate(point.X), ReadCoordinate(point.Y));
    }

    /// <exception cref="PeerProtocolException">The bytes are no point of the curve.</exception>
    public static P256Point Decode(ReadOnlySpan<byte> bytes)
    {
        BigInteger x = ReadCoordinate(bytes[..CoordinateSize]);
        BigInteger y = ReadCoordinate(bytes[CoordinateSize..Size]);
        if (x >= s_prime || y >= s_prime || !Reduce((y * y) - (x * x * x) + (3 * x) - s_b).IsZero)
            throw new PeerProtocolException("The peer sent an oblivious-transfer message that is no point of P-256.");
        return new(x, y);
    }

    public byte[] Encode()
    {
        byte[] bytes = new byte[Size];
        WriteCoordinate(_x, bytes.AsSpan(0, CoordinateSize));
        WriteCoordinate(_y, bytes.AsSpan(CoordinateSize));
        return bytes;
    }

    /// <summary>This − each of <paramref name="others"/>, with one inversion for all (Montgomery's trick).</summary>
    /// <exception cref="PeerProtocolException">
    /// A point equals this or its opposite, which between honest parties has probability 2^-255.
    /// </exception>
    public P256Point[] SubtractEach(ReadOnlySpan<P256Point> others)
    {
        // products[i] = run_0 · … · run_(i−1)
        BigInteger[] runs = new BigInteger[others.Length], products = new BigInteger[others.Length + 1];
        products[0] = BigInteger.One;
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = Reduce(_x - others[i]._x);
            if (runs[i].IsZero)
                throw new PeerProtocolException("The peer sent a degenerate oblivious-transfer message.");
            products[i + 1] = Reduce(products[i] * runs[i]);
        }

        // By Fermat's theorem the power p − 2 is the inverse.
        BigInteger inverse = BigInteger.ModPow(products[^1], s_prime - 2, s_prime);
        var differences = new P256Point[others.Length];
        for (int i = runs.Length - 1; i >= 0; i--)
        {
            differences[i] = Subtract(others[i], Reduce(inverse * products[i]));
            inverse = Reduce(inverse * runs[i]);
        }

        return differences;
    }

    /// <summary>The x-coordinate, 32 bytes, of <paramref name="key"/>'s secret scalar times this point.</summary>
    public byte[] MultiplyBySecret(ECDiffieHellman key)
    {
        byte[] encoded = Encode();
        var parameters = new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = encoded[..CoordinateSize], Y = encoded[CoordinateSize..] },
        };
        using var point = ECDiffieHellman.Create(parameters);
        using ECDiffieHellmanPublicKey publicKey = point.PublicKey;
        return key.DeriveRawSecretAgreement(publicKey);
    }

    // The chord through this and −other; the last argument is the inverse of their distance in x.
    private P256Point Subtract(P256Point other, BigInteger inverseOfRun)
    {
        BigInteger slope = Reduce((_y + other._y) * inverseOfRun);
        BigInteger x = Reduce((slope * slope) - _x - other._x);
        BigInteger y = Reduce((slope * (_x - x)) - _y);
        return new(x, y);
    }

    private static BigInteger Reduce(BigInteger value)
    {
        BigInteger remainder = value % s_prime;
        return remainder.Sign < 0 ? remainder + s_prime : remainder;
    }

    private static BigInteger ReadCoordinate(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static void WriteCoordinate(BigInteger value, Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[CoordinateSize];
        value.TryWriteBytes(bytes, out int written, isUnsigned: true, isBigEndian: true);
        destination.Clear();
        bytes[..written].CopyTo(destination[(CoordinateSize - written)..]);
    }

    private static BigInteger Hex(string digits) =>
        BigInteger.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
