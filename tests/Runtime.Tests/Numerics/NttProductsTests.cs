using System.Security.Cryptography;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class NttProductsTests
{
    private const int Degree = 64;
    private const int Ciphertexts = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(64)]
    public void Sums_are_those_of_products_element_by_element_and_vectors_equal_the_portable_kernel(int repetition)
    {
        foreach (var count in (int[])[1, 2, 4])
        {
            foreach (var prime in NttPrimes.All)
                AssertSums(new NttModulus(prime), count, repetition);
        }
    }

    [Theory]
    [InlineData(16, 4)]
    [InlineData(4096, 1)]
    [InlineData(4096, 8)]
    [InlineData(4096, 4096)]
    [InlineData(8192, 32)]
    public void A_polynomial_in_a_power_of_X_has_each_value_of_the_short_transform_repeated(int degree, int repetition)
    {
        var table = NttTable.Get(degree, NttPrimes.All[2]);
        var compact = Residues(degree / repetition, table.Modulus);
        var spread = new double[degree];
        for (var i = 0; i < compact.Length; i++)
            spread[i * repetition] = compact[i];
        NttTransform.Forward(compact, table);
        NttTransform.Forward(spread, table);
        Assert.Equal(spread, Enumerable.Range(0, degree).Select(i => compact[i / repetition]));
    }

    [Theory]
    [InlineData(64, 2, 2)]
    [InlineData(64, 4, 3)]
    [InlineData(256, 8, 2)]
    [InlineData(4096, 16, 3)]
    [InlineData(8192, 64, 4)]
    public void A_sum_of_shifted_polynomials_in_a_power_of_X_has_the_transform_combined_of_theirs(int degree, int repetition, int count)
    {
        foreach (var prime in NttPrimes.All)
        {
            var table = NttTable.Get(degree, prime);
            var length = degree / repetition;
            var parts = Residues((count * length) + NttProducts.Padding, table.Modulus);
            var whole = new double[degree];
            for (var i = 0; i < count * length; i++)
                whole[(i % length * repetition) + (i / length)] = parts[i];
            NttTransform.Forward(whole, table);
            for (var k = 0; k < count; k++)
                NttTransform.Forward(parts.AsSpan(k * length, length), table);
            var (combined, portable) = (new double[degree], new double[degree]);
            NttExpansion.Combine(parts, count, table, combined);
            NttPortable.Instance.Combine(parts, count, table, portable);
            Assert.Equal(whole, combined);
            Assert.Equal(whole, portable);
        }
    }

    [Fact]
    public void Operands_that_are_too_short_are_refused()
    {
        var modulus = new NttModulus(NttPrimes.All[0]);
        void Add(int sums, int terms, int factors) => NttProducts.Add(
            new() { Values = new double[sums], Count = 4, Length = 16, Stride = 32, HalfStride = 16 },
            new() { Bodies = new double[terms], Uniforms = new double[terms], Total = 2, First = 0, Count = 2 },
            new() { Values = new double[factors], Repetition = 2, TermStride = 8, SumStride = 16 },
            modulus);
        Add(128, 32, 64 + NttProducts.Padding);
        Assert.Throws<ArgumentException>(() => Add(127, 32, 64 + NttProducts.Padding));
        Assert.Throws<ArgumentException>(() => Add(128, 31, 64 + NttProducts.Padding));
        Assert.Throws<ArgumentException>(() => Add(128, 32, 63 + NttProducts.Padding));
        Assert.Throws<ArgumentException>(() => Add(128, 32, 0));
    }

    [Fact]
    public void Lengths_that_are_no_part_of_the_degree_are_refused()
    {
        var table = NttTable.Get(16, NttPrimes.All[0]);
        foreach (var length in (int[])[0, 3, 12, 32])
            Assert.Throws<ArgumentException>(() => NttTransform.Forward(new double[length], table));
    }

    private static void AssertSums(NttModulus modulus, int count, int repetition)
    {
        var (bodies, uniforms) = (Polynomials(modulus), Polynomials(modulus));
        var length = Degree / repetition;
        var factors = Residues((count * Ciphertexts * length) + NttProducts.Padding, modulus);
        var start = Residues(count * 2 * Degree, modulus);
        var sums = start.ToArray();
        var portable = start.ToArray();
        ProductTerms Terms() => new()
        {
            Bodies = Interleaved(bodies), Uniforms = Interleaved(uniforms), Total = Ciphertexts, First = 1, Count = Ciphertexts - 1,
        };
        ProductFactors Factors() => new()
        {
            Values = factors, Repetition = repetition, TermStride = length, SumStride = length * Ciphertexts,
        };
        ProductSums Sums(double[] values) => new() { Values = values, Count = count, Length = Degree, Stride = 2 * Degree, HalfStride = Degree };
        NttProducts.Add(Sums(sums), Terms(), Factors(), modulus);
        NttPortable.Instance.AddProducts(Sums(portable), Terms(), Factors(), modulus);
        Assert.Equal(portable, sums);
        for (var i = 0; i < sums.Length; i++)
        {
            var (sum, rest) = Math.DivRem(i, 2 * Degree);
            var polynomials = rest < Degree ? bodies : uniforms;
            UInt128 expected = (ulong)start[i];
            for (var term = 1; term < Ciphertexts; term++)
            {
                var factor = factors[(((sum * Ciphertexts) + term - 1) * length) + (rest % Degree / repetition)];
                expected += (UInt128)(ulong)polynomials[term][rest % Degree] * (ulong)factor;
            }

            Assert.Equal((double)(expected % modulus.Prime), modulus.Canonical(sums[i]));
        }
    }

    private static double[][] Polynomials(NttModulus modulus) => [.. Enumerable.Range(0, Ciphertexts).Select(_ => Residues(Degree, modulus))];

    private static double[] Interleaved(double[][] polynomials)
    {
        var result = new double[Ciphertexts * Degree];
        for (var i = 0; i < Ciphertexts; i++)
            NttProducts.Interleave(polynomials[i], i, Ciphertexts, result);
        return result;
    }

    private static double[] Residues(int count, NttModulus modulus)
    {
        var bytes = RandomNumberGenerator.GetBytes(count * 8);
        double[] residues = [.. Enumerable.Range(0, count).Select(i => (double)(BitConverter.ToUInt64(bytes, 8 * i) % modulus.Prime))];
        residues[0] = modulus.P - 1;
        return residues;
    }
}
