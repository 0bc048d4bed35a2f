using System.Runtime.Intrinsics.X86;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Tests.Numerics;

/// <summary>Every kernel that this processor has, whichever is the fastest, against the portable one.</summary>
public sealed class NttKernelTests
{
    private const double LazyBound = 1L << 49;

    private readonly Random _random = new(7);

    public static TheoryData<int> Widths => [2, 4, 8];

    [Fact]
    public void The_widest_vectors_come_first_and_the_portable_kernel_last()
    {
        int[] lanes = [.. NttKernel.Supported.Select(kernel => kernel.Lanes)];
        Assert.Equal(lanes.OrderDescending(), lanes);
        Assert.Equal(1, lanes[^1]);
        Assert.Same(NttKernel.Supported[0], NttKernel.Fastest);
    }

    [SkippableTheory]
    [InlineData("DOTNET_EnableAVX512", "0", 4)]
    [InlineData("DOTNET_PreferredVectorBitWidth", "128", 2)]
    [InlineData("DOTNET_EnableHWIntrinsic", "0", 1)]
    public void The_test_commands_runs_on_narrower_vectors_take_the_narrower_kernel(string variable, string value, int lanes)
    {
        Skip.IfNot(Environment.GetEnvironmentVariable(variable) == value);
        Skip.If(lanes > 1 && !Fma.IsSupported);
        Assert.Equal(lanes, NttKernel.Fastest.Lanes);
    }

    [SkippableTheory]
    [MemberData(nameof(Widths))]
    public void Transforms_equal_the_portable_ones_at_every_degree_and_up_to_the_largest_magnitudes(int lanes)
    {
        var kernel = Kernel(lanes);
        foreach (var prime in NttPrimes.All)
        {
            for (var degree = 2; degree <= 8192; degree *= 2)
            {
                var table = NttTable.Get(degree, prime);
                foreach (var input in Inputs(degree, 2 * table.Modulus.P, table.Modulus))
                    AssertSame(input, values => kernel.Forward(values, table), values => NttPortable.Instance.Forward(values, table));
                foreach (var input in Inputs(degree, LazyBound, table.Modulus))
                    AssertSame(input, values => kernel.Inverse(values, table), values => NttPortable.Instance.Inverse(values, table));
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Widths))]
    public void Transforms_of_a_part_of_the_degree_equal_the_portable_ones(int lanes)
    {
        var kernel = Kernel(lanes);
        var table = NttTable.Get(8192, NttPrimes.All[3]);
        for (var length = 1; length < table.Degree; length *= 2)
        {
            foreach (var input in Inputs(length, 2 * table.Modulus.P, table.Modulus))
                AssertSame(input, values => kernel.Forward(values, table), values => NttPortable.Instance.Forward(values, table));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Widths))]
    public void Element_wise_kernels_equal_the_portable_ones_for_every_tail_length(int lanes)
    {
        var kernel = Kernel(lanes);
        var portable = NttPortable.Instance;
        var modulus = new NttModulus(NttPrimes.All[0]);
        for (var length = 0; length <= 3 * lanes; length++)
        {
            foreach (var input in Inputs(length, LazyBound, modulus))
            {
                var factors = Inputs(length, modulus.P - 1, modulus)[0];
                AssertSame(input, values => kernel.Canonicalize(values, modulus), values => portable.Canonicalize(values, modulus));
                AssertSame(factors, sum => kernel.MultiplyAdd(sum, input, factors, modulus), sum => portable.MultiplyAdd(sum, input, factors, modulus));
                foreach (var factor in (double[])[0, 1, -1, modulus.P - 1, 1 - modulus.P])
                {
                    AssertSame(input, values => kernel.Scale(values, factor, modulus), values => portable.Scale(values, factor, modulus));
                    AssertSame(factors, sum => kernel.MultiplyAdd(sum, input, factor, modulus), sum => portable.MultiplyAdd(sum, input, factor, modulus));
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Widths))]
    public void Sums_of_products_equal_the_portable_ones_for_every_repetition_and_number_of_sums(int lanes)
    {
        var kernel = Kernel(lanes);
        var modulus = new NttModulus(NttPrimes.All[5]);
        const int degree = 64;
        for (var repetition = 1; repetition <= degree; repetition *= 2)
        {
            for (var count = 1; count <= NttProducts.Sums; count++)
            {
                foreach (var start in Inputs(count * 2 * degree, LazyBound / 2, modulus))
                {
                    var terms = Inputs(3 * 2 * degree, modulus.P - 1, modulus)[count % 2];
                    var factors = Inputs((count * 2 * degree / repetition) + NttProducts.Padding, modulus.P - 1, modulus)[0];
                    AssertSame(start, sums => Add(kernel, sums), sums => Add(NttPortable.Instance, sums));

                    void Add(NttKernel used, double[] sums) => used.AddProducts(
                        new() { Values = sums, Count = count, Length = degree, Stride = 2 * degree, HalfStride = degree },
                        new() { Bodies = terms.AsSpan(0, 3 * degree), Uniforms = terms.AsSpan(3 * degree), Total = 3, First = 1, Count = 2 },
                        new() { Values = factors, Repetition = repetition, TermStride = degree / repetition, SumStride = 2 * degree / repetition },
                        modulus);
                }
            }
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Widths))]
    public void Transforms_combined_of_shorter_ones_equal_the_portable_ones(int lanes)
    {
        var kernel = Kernel(lanes);
        var modulus = new NttModulus(NttPrimes.All[1]);
        for (var degree = 2; degree <= 8192; degree *= 8)
        {
            var table = NttTable.Get(degree, modulus.Prime);
            for (var length = 1; length <= degree; length *= 2)
            {
                var count = Math.Min(3, degree / length);
                double[] parts = [.. Inputs((count * length) + NttProducts.Padding, modulus.P - 1, modulus)[0].Select(Math.Abs)];
                AssertSame(
                    new double[degree],
                    values => kernel.Combine(parts, count, table, values),
                    values => NttPortable.Instance.Combine(parts, count, table, values));
            }
        }
    }

    private static NttKernel Kernel(int lanes)
    {
        var kernel = NttKernel.Supported.FirstOrDefault(kernel => kernel.Lanes == lanes);
        Skip.If(kernel is null, $"This processor has no vectors of {lanes} doubles, or .NET does not use them.");
        return kernel!;
    }

    // Integers of magnitude at most the bound: random ones with the edges among them, and the bound alone.
    private double[][] Inputs(int count, double bound, NttModulus modulus)
    {
        double[] edges = [0, bound, -bound, modulus.P - 1, 1 - modulus.P, 1, -1, Math.Floor(modulus.P / 2)];
        double[] mixed = [.. Enumerable.Range(0, count)
            .Select(_ => _random.Next(4) == 0 ? edges[_random.Next(edges.Length)] : _random.NextInt64(-(long)bound, (long)bound + 1))];
        return [mixed, [.. Enumerable.Repeat(bound, count)], [.. Enumerable.Repeat(-bound, count)]];
    }

    private static void AssertSame(double[] input, Action<double[]> actual, Action<double[]> expected)
    {
        var (left, right) = (input.ToArray(), input.ToArray());
        expected(left);
        actual(right);
        Assert.Equal(left, right);
    }
}
