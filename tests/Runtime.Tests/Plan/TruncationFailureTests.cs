using System.Collections.Immutable;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Tests.Plan;

public sealed class TruncationFailureTests
{
    private const int Count = 8, RingBits = 40, InputBits = 21;

    [Fact]
    public void A_plan_without_local_truncation_never_fails()
        => Assert.Equal(0, TruncationFailure.Of(Plan(new ReshapeStep { Name = "r", Input = 0, Output = 1 })));

    [Fact]
    public void Elements_probabilities_add_up()
        => Assert.Equal(Count * Math.Pow(2, InputBits - 1 - RingBits), TruncationFailure.Of(Plan(Truncate(0, 1, 4))));

    [Fact]
    public void A_truncated_share_is_a_random_number_of_fewer_bits()
        => Assert.Equal(2 * Count * Math.Pow(2, InputBits - 1 - RingBits), TruncationFailure.Of(Plan(Truncate(0, 1, 4), Truncate(1, 2, 4))));

    [Fact]
    public void A_sum_is_as_random_as_the_more_random_of_independent_operands()
    {
        double alone = TruncationFailure.Of(Plan(Truncate(0, 1, 4)));
        PlanStep polynomial = new PolynomialStep { Name = "p", Input = 1, Output = 2, Degree = 2, Inner = Count, Coefficients = [0, 0, 1] };
        PlanStep sum = new AddStep { Name = "s", Left = 1, Right = 2, Output = 3 };
        Assert.Equal(alone + (alone / 16), TruncationFailure.Of(Plan(Truncate(0, 1, 4), polynomial, sum, Truncate(3, 4, 1))), 1e-12);
    }

    [Fact]
    public void Nothing_is_known_of_a_difference_of_shares_of_one_origin()
        => Assert.Equal(1, TruncationFailure.Of(Plan(Truncate(0, 1, 4), new AddStep { Name = "s", Left = 0, Right = 1, Output = 2, Subtract = true }, Truncate(2, 3, 1))));

    /// <summary>A ring so small that failures happen: as often as stated, and otherwise a neighbour comes out.</summary>
    [Fact]
    public void Parties_get_a_neighbour_except_as_often_as_stated()
    {
        const int Bits = 16, Shift = 5, Trials = 200_000;
        Ring ring = new(Bits);
        SharedShift shift = new(ring.Bits, Shift, ring.Bits);
        Random random = new(3);
        int failures = 0;
        double expected = 0;
        for (int i = 0; i < Trials; i++)
        {
            long x = random.Next(-1024, 1024);
            ulong client = (ulong)random.Next(1 << Bits), server = ring.FromSigned(x - (long)client);
            long result = ring.ToSigned((shift.Floor<ulong, ulong>(client) + shift.LocalCeiling(server)) & ring.Mask);
            failures += result == x >> Shift || result == -(-x >> Shift) ? 0 : 1;
            expected += Math.Abs(x) / (double)(1 << Bits);
        }

        Assert.InRange(failures, 0.9 * expected, 1.1 * expected);
        Assert.True(expected <= Trials * Math.Pow(2, 11 - 1 - Bits));
    }

    private static TruncateStep Truncate(int input, int output, int shift) => new() { Name = $"t{output}", Input = input, Output = output, Shift = shift };

    /// <summary>Steps between an input and an output; a truncation's result has so many bits fewer.</summary>
    private static ExecutionPlan Plan(params PlanStep[] steps)
    {
        List<int> bits = [InputBits];
        foreach (PlanStep step in steps)
            bits.Add(step is TruncateStep t ? bits[t.Input] - t.Shift : step is AddStep ? InputBits - 4 : InputBits);
        PlanStep[] all = [new InputStep { Name = "x", Output = 0 }, .. steps, new OutputStep { Name = "y", Input = steps.Length, Output = steps.Length + 1 }];
        return new ExecutionPlan
        {
            Name = "plan",
            Backend = "poly",
            RingBits = RingBits,
            Values = [.. bits.Append(bits[^1]).Select(b => new PlanValue { Name = "v", Shape = [Count], Scale = 1, Bits = b, Minimum = 0, Maximum = 0 })],
            Steps = [.. all],
            WeightsDigest = ImmutableArray<byte>.Empty,
        };
    }
}
