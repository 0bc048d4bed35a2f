using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Multiplies polynomials with coefficients in [0, 2^bits) by the negated secret key over the integers: the decryption's product,
/// once the response's modulus is a power of two. The result's magnitude is at most N·2^bits; it is found modulo two or
/// three primes and recombined by mixed radix (Garner).
/// </summary>
internal sealed class SecretMultiplier : IDisposable
{
    private const int DigitBits = 36;

    private readonly RlweClientKeys _keys;
    private readonly RlweParameters _parameters;
    private readonly int _bits;
    private readonly int _primes;
    private readonly UInt128 _offset;
    private readonly double[] _low;
    private readonly double[] _high;
    private readonly double[] _products;
    private readonly double[] _scratch;

    public SecretMultiplier(RlweClientKeys keys, int bits)
    {
        _keys = keys;
        _parameters = keys.Parameters;
        _bits = bits;
        var degreeBits = BitOperations.Log2((uint)_parameters.Degree);
        _primes = Primes(_parameters, bits);
        _offset = UInt128.One << (bits + degreeBits);
        _low = new double[_parameters.Degree];
        _high = new double[_parameters.Degree];
        _scratch = new double[_parameters.Degree];
        _products = new double[_primes * _parameters.Degree];
    }

    /// <summary>Primes that hold the product of coefficients of so many bits.</summary>
    public static int Primes(RlweParameters parameters, int bits)
        => bits + BitOperations.Log2((uint)parameters.Degree) + 1 < 2 * DigitBits ? 2 : 3;

    /// <summary>
    /// Reads a polynomial and writes the wanted coefficients of its product with −s, modulo 2^128; so many of them
    /// as <paramref name="coefficients"/> lists.
    /// </summary>
    public void Multiply(ref BitReader reader, ReadOnlySpan<int> coefficients, Span<UInt128> products)
    {
        ReadDigits(ref reader);
        for (var i = 0; i < _primes; i++)
            MultiplyModulo(i);
        var count = coefficients.Length;
        for (var i = 0; i < _primes; i++)
            Gather(i, coefficients);
        Recombine(count);
        var (first, second) = (_parameters.Tables[0].Modulus.Prime, _parameters.Tables[1].Modulus.Prime);
        for (var j = 0; j < count; j++)
        {
            var value = _primes == 3 ? (UInt128)(ulong)(long)_products[(2 * _parameters.Degree) + j] * second : 0;
            value = ((value + (ulong)(long)_products[_parameters.Degree + j]) * first) + (ulong)(long)_products[j];
            products[j] = value - _offset;
        }
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_products.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_scratch.AsSpan()));
    }

    private void ReadDigits(ref BitReader reader)
    {
        var lowBits = Math.Min(_bits, DigitBits);
        var highBits = _bits - lowBits;
        for (var j = 0; j < _low.Length; j++)
        {
            _low[j] = (long)reader.Read(lowBits);
            _high[j] = highBits == 0 ? 0 : (long)reader.Read(highBits);
        }
    }

    private void MultiplyModulo(int prime)
    {
        var table = _parameters.Tables[prime];
        _low.CopyTo(_scratch, 0);
        NttArithmetic.MultiplyAdd(_scratch, _high, table.Modulus.FromInteger(Int128.One << DigitBits), table.Modulus);
        NttTransform.Forward(_scratch, table);
        var product = Product(prime);
        product.Clear();
        NttArithmetic.MultiplyAdd(product, _scratch, _parameters.Residues(_keys.NegatedSecret, prime), table.Modulus);
        NttTransform.Inverse(product, table);
    }

    /// <summary>Moves the wanted coefficients to the front, shifted by the offset that makes all of them non-negative.</summary>
    private void Gather(int prime, ReadOnlySpan<int> coefficients)
    {
        var product = Product(prime);
        var offset = _parameters.Tables[prime].Modulus.FromInteger((Int128)_offset);
        for (var j = 0; j < coefficients.Length; j++)
            _scratch[j] = product[coefficients[j]] + offset;
        _scratch.AsSpan(0, coefficients.Length).CopyTo(product);
    }

    /// <summary>Replaces residues by mixed-radix digits: x = d0 + p0·(d1 + p1·d2).</summary>
    private void Recombine(int count)
    {
        var (first, second) = (_parameters.Tables[0].Modulus, _parameters.Tables[1].Modulus);
        var digit0 = Product(0)[..count];
        var digit1 = Product(1)[..count];
        NttArithmetic.Canonicalize(digit0, first);
        NttArithmetic.MultiplyAdd(digit1, digit0, -1, second);
        NttArithmetic.Scale(digit1, second.Invert(first.Prime % second.Prime), second);
        if (_primes < 3)
            return;
        var third = _parameters.Tables[2].Modulus;
        var digit2 = Product(2)[..count];
        NttArithmetic.MultiplyAdd(digit2, digit0, -1, third);
        NttArithmetic.MultiplyAdd(digit2, digit1, -third.FromInteger((Int128)first.Prime), third);
        var radix = (UInt128)first.Prime * second.Prime % third.Prime;
        NttArithmetic.Scale(digit2, third.Invert((ulong)radix), third);
    }

    private Span<double> Product(int prime) => _products.AsSpan(prime * _parameters.Degree, _parameters.Degree);
}
