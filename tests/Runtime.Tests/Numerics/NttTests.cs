using System.Numerics;
using System.Security.Cryptography;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class NttTests
{
    public static TheoryData<int> PrimeIndices => [.. Enumerable.Range(0, NttPrimes.All.Length)];

    [Fact]
    public void Primes_are_distinct_primes_below_2_to_36_that_are_1_modulo_16384()
    {
        var primes = NttPrimes.All.ToArray();
        Assert.Equal(primes.Length, primes.Distinct().Count());
        Assert.All(primes, prime =>
        {
            Assert.True(prime < 1UL << NttPrimes.Bits);
            Assert.Equal(1UL, prime % 16384);
            Assert.True(IsPrimeByTrialDivision(prime), $"{prime} is composite");
        });
    }

    [Theory]
    [MemberData(nameof(PrimeIndices))]
    public void Roots_have_order_exactly_2N(int index)
    {
        foreach (var degree in (int[])[2, 16, 4096, 8192])
        {
            var table = NttTable.Get(degree, NttPrimes.All[index]);
            Assert.Equal(table.Modulus.Prime - 1, table.Modulus.Power(table.Root, (ulong)degree));
            Assert.Equal(1UL, table.Modulus.Power(table.Root, 2 * (ulong)degree));
        }
    }

    [Theory]
    [MemberData(nameof(PrimeIndices))]
    public void Multiplication_is_exact_up_to_the_lazy_bound(int index)
    {
        var modulus = new NttModulus(NttPrimes.All[index]);
        var edges = new List<double> { 0, 1, -1, modulus.P - 1, modulus.P, 1L << 49, -(1L << 49), (1L << 49) - 1 };
        edges.AddRange(Enumerable.Range(0, 2000).Select(_ => (double)(RandomBelow(1UL << 50) - (BigInteger.One << 49))));
        foreach (var x in edges)
        {
            foreach (var w in (double[])[0, 1, -1, modulus.P - 1, 1 - modulus.P, (double)RandomBelow(modulus.Prime)])
            {
                var product = modulus.Multiply(x, w);
                Assert.True(Math.Abs(product) <= 0.69 * modulus.P);
                Assert.Equal(Modulo(new BigInteger(x) * new BigInteger(w), modulus.Prime), new BigInteger(modulus.Canonical(product)));
            }
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(4096)]
    public void Forward_evaluates_at_odd_powers_of_the_root(int degree)
    {
        var table = NttTable.Get(degree, NttPrimes.All[1]);
        var polynomial = RandomPolynomial(table);
        var values = polynomial.ToArray();
        NttTransform.Forward(values, table);
        var bits = BitOperations.Log2((uint)degree);
        foreach (var k in (int[])[0, 1, 2, 5, degree / 2, degree - 1])
        {
            var point = table.Modulus.Power(table.Root, (ulong)((2 * NttTable.ReverseBits(k, bits)) + 1));
            BigInteger sum = 0;
            for (var i = degree - 1; i >= 0; i--)
                sum = ((sum * point) + new BigInteger(polynomial[i])) % table.Modulus.Prime;
            Assert.Equal(sum, new BigInteger(values[k]));
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(128)]
    public void Pointwise_products_are_negacyclic_convolutions(int degree)
    {
        foreach (var prime in NttPrimes.All)
        {
            var table = NttTable.Get(degree, prime);
            var x = RandomPolynomial(table);
            var y = RandomPolynomial(table);
            var expected = NaiveNegacyclicProduct(x, y, prime);
            NttTransform.Forward(x, table);
            NttTransform.Forward(y, table);
            var product = new double[degree];
            NttArithmetic.MultiplyAdd(product, x, y, table.Modulus);
            NttTransform.Inverse(product, table);
            Assert.Equal(expected, product);
        }
    }

    [Theory]
    [MemberData(nameof(PrimeIndices))]
    public void Inverse_undoes_forward(int index)
    {
        foreach (var degree in (int[])[2, 4, 16, 1024, 4096, 8192])
        {
            var table = NttTable.Get(degree, NttPrimes.All[index]);
            var polynomial = RandomPolynomial(table);
            var copy = polynomial.ToArray();
            NttTransform.Forward(copy, table);
            NttTransform.Inverse(copy, table);
            Assert.Equal(polynomial, copy);
        }
    }

    [Fact]
    public void X_to_the_N_is_minus_one()
    {
        var table = NttTable.Get(4096, NttPrimes.All[0]);
        var x = new double[4096];
        x[1] = 1;
        var last = new double[4096];
        last[^1] = 1;
        NttTransform.Forward(x, table);
        NttTransform.Forward(last, table);
        var product = new double[4096];
        NttArithmetic.MultiplyAdd(product, x, last, table.Modulus);
        NttTransform.Inverse(product, table);
        Assert.Equal(table.Modulus.P - 1, product[0]);
        Assert.All(product.Skip(1), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Element_wise_kernels_agree_with_exact_arithmetic_for_every_tail_length()
    {
        var modulus = new NttModulus(NttPrimes.All[2]);
        var table = NttTable.Get(32, modulus.Prime);
        for (var length = 0; length < 20; length++)
        {
            var x = RandomPolynomial(table)[..length];
            var y = RandomPolynomial(table)[..length];
            var factor = (double)RandomBelow(modulus.Prime);
            var sum = x.ToArray();
            NttArithmetic.MultiplyAdd(sum, x, y, modulus);
            NttArithmetic.MultiplyAdd(sum, y, factor, modulus);
            NttArithmetic.Canonicalize(sum, modulus);
            var scaled = x.ToArray();
            NttArithmetic.Scale(scaled, factor, modulus);
            for (var i = 0; i < length; i++)
            {
                var (a, b, f) = (new BigInteger(x[i]), new BigInteger(y[i]), new BigInteger(factor));
                Assert.Equal((a + (a * b) + (b * f)) % modulus.Prime, new BigInteger(sum[i]));
                Assert.Equal(a * f % modulus.Prime, new BigInteger(scaled[i]));
            }
        }
    }

    [Fact]
    public void Wrong_lengths_degrees_and_moduli_are_refused()
    {
        var table = NttTable.Get(16, NttPrimes.All[0]);
        Assert.Throws<ArgumentException>(() => NttTransform.Forward(new double[15], table));
        Assert.Throws<ArgumentException>(() => NttTransform.Inverse(new double[17], table));
        Assert.Throws<ArgumentException>(() => NttArithmetic.MultiplyAdd(new double[2], new double[3], 1, table.Modulus));
        Assert.Throws<ArgumentOutOfRangeException>(() => NttTable.Get(24, NttPrimes.All[0]));
        Assert.Throws<ArgumentException>(() => NttTable.Get(16, 65539));
        Assert.Throws<ArgumentOutOfRangeException>(() => new NttModulus(1UL << 36));
    }

    private static double[] NaiveNegacyclicProduct(double[] x, double[] y, ulong prime)
    {
        var result = new BigInteger[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            for (var j = 0; j < y.Length; j++)
            {
                var term = new BigInteger(x[i]) * new BigInteger(y[j]);
                result[(i + j) % x.Length] += i + j < x.Length ? term : -term;
            }
        }

        return [.. result.Select(value => (double)Modulo(value, prime))];
    }

    private static double[] RandomPolynomial(NttTable table) =>
        [.. Enumerable.Range(0, table.Degree).Select(_ => (double)RandomBelow(table.Modulus.Prime))];

    private static BigInteger RandomBelow(ulong bound)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return new BigInteger(bytes, isUnsigned: true) % bound;
    }

    private static BigInteger Modulo(BigInteger value, ulong prime)
    {
        var remainder = value % prime;
        return remainder.Sign < 0 ? remainder + prime : remainder;
    }

    private static bool IsPrimeByTrialDivision(ulong value)
    {
        for (ulong divisor = 2; divisor * divisor <= value; divisor++)
        {
            if (value % divisor == 0)
                return false;
        }

        return true;
    }
}
