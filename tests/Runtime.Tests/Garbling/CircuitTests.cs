using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Garbling;

public sealed class CircuitTests
{
    [Fact]
    public void Words_of_four_bits_compute_as_integers_do()
    {
        const int Bits = 4;
        var builder = new CircuitBuilder(Bits, Bits);
        Wire[] a = builder.GarblerInput(0, Bits);
        Wire[] b = builder.EvaluatorInput(0, Bits);
        Circuit circuit = builder.Build([
            .. builder.Add(a, b), .. builder.Subtract(a, b), .. builder.Max(a, b), .. builder.Relu(a), builder.Less(a, b)]);
        for (int x = -8; x < 8; x++)
        {
            for (int y = -8; y < 8; y++)
            {
                bool[] output = circuit.Evaluate(ToBits(x, Bits), ToBits(y, Bits));
                Assert.Equal((x + y) & 15, Read(output, 0) & 15);
                Assert.Equal((x - y) & 15, Read(output, 4) & 15);
                Assert.Equal(Math.Max(x, y) & 15, Read(output, 8) & 15);
                Assert.Equal(Math.Max(x, 0), Read(output, 12) & 15);
                Assert.Equal(x < y, output[16]);
            }
        }
    }

    [Fact]
    public void Clipping_holds_for_all_bounds_of_small_words()
    {
        for (int lower = -10; lower <= 10; lower++)
        {
            for (int upper = lower; upper <= 10; upper++)
            {
                var builder = new CircuitBuilder(4, 0);
                Wire[] clipped = builder.Clip(builder.GarblerInput(0, 4), lower, upper);
                Circuit circuit = builder.Build(CircuitArithmetic.Resize(clipped, 8));
                for (int x = -8; x < 8; x++)
                    Assert.Equal(Math.Clamp(x, lower, upper), (sbyte)Read(circuit.Evaluate(ToBits(x, 4), []), 0));
            }
        }
    }

    [Fact]
    public void Clipping_at_the_ends_of_64_bit_numbers_changes_nothing()
    {
        var builder = new CircuitBuilder(8, 0);
        Wire[] input = builder.GarblerInput(0, 8);
        Wire[] clipped = CircuitArithmetic.Resize(builder.Clip(input, long.MinValue, long.MaxValue), 8);
        Assert.Equal(input, clipped);
    }

    [Fact]
    public void Building_blocks_cost_no_more_ANDs_than_stated()
    {
        Assert.Equal(9, Ands((builder, a, b) => builder.Add(a, b)));
        Assert.Equal(9, Ands((builder, a, b) => builder.Subtract(a, b)));
        Assert.Equal(10, Ands((builder, a, b) => [builder.Less(a, b)]));
        Assert.Equal(20, Ands((builder, a, b) => builder.Max(a, b)));
        Assert.Equal(9, Ands((builder, a, _) => builder.Relu(a)));
        Assert.Equal(0, Ands((_, a, _) => CircuitArithmetic.ShiftRight(a, 3)));
        Assert.Equal(0, Ands((builder, a, _) => [builder.LessThanConstant(a, 0)]));
    }

    [Fact]
    public void Constant_equal_and_complementary_operands_cost_nothing()
    {
        var builder = new CircuitBuilder(1, 1);
        Wire a = builder.GarblerInput(0, 1)[0];
        Wire b = builder.EvaluatorInput(0, 1)[0];
        Assert.Equal(a, builder.And(a, Wire.One));
        Assert.Equal(Wire.Zero, builder.And(Wire.Zero, a));
        Assert.Equal(a, builder.And(a, a));
        Assert.Equal(Wire.Zero, builder.And(a, builder.Not(a)));
        Assert.Equal(a, builder.Not(builder.Not(a)));
        Assert.Equal(Wire.One, builder.Xor(builder.Not(a), a));
        Assert.Equal(builder.And(a, b), builder.And(b, a));
        Assert.Equal(builder.Xor(a, b), builder.Xor(builder.Not(a), builder.Not(b)));
    }

    [Fact]
    public void Gates_without_effect_are_dropped_and_slots_reused()
    {
        var builder = new CircuitBuilder(8, 8);
        Wire[] a = builder.GarblerInput(0, 8);
        Wire[] b = builder.EvaluatorInput(0, 8);
        builder.Max(a, b);
        Circuit circuit = builder.Build(builder.Add(a, b));
        Assert.Equal(7, circuit.AndGates);
        Assert.True(circuit.WireSlots < 16 + circuit.Gates.Length);
        Assert.All(circuit.Gates, gate => Assert.False(gate.Output == gate.Left || gate.Output == gate.Right));
    }

    [Fact]
    public void Constant_outputs_are_wires_too()
    {
        var builder = new CircuitBuilder(1, 0);
        Circuit circuit = builder.Build(Wire.Zero, Wire.One, builder.GarblerInput(0, 1)[0]);
        Assert.Equal([false, true, true], circuit.Evaluate([true], []));
        Assert.Equal([false, true, false], circuit.Evaluate([false], []));
    }

    [Theory]
    [InlineData(37, 1, 0, 37, 108)]
    [InlineData(37, 1, 12, 37, 96)]
    [InlineData(37, 4, 0, 37, (4 * 36) + (3 * 74) + 36 + 36)]
    [InlineData(37, 4, 12, 37, (4 * 36) + (3 * 50) + 24 + 36)]
    public void Relu_costs_its_adders_comparisons_and_magnitude_bits(int inputBits, int window, int shift, int ringBits, int ands) =>
        Assert.Equal(ands, NonLinearCircuit.AndGates(new NonLinearFunction
        {
            InputBits = inputBits,
            WindowSize = window,
            Shift = shift,
            Activation = Activation.Relu,
            RingBits = ringBits,
        }));

    [Fact]
    public void Sizes_out_of_range_are_refused()
    {
        var valid = new NonLinearFunction { InputBits = 8, RingBits = 8, Activation = Activation.Relu };
        NonLinearFunction[] invalid = [
            valid with { InputBits = 65 }, valid with { InputBits = 0 }, valid with { RingBits = 65 }, valid with { RingBits = 0 },
            valid with { Shift = 8 }, valid with { Shift = -1 }, valid with { WindowSize = 0 }];
        Assert.All(invalid, function => Assert.Throws<ArgumentOutOfRangeException>(() => NonLinearCircuit.Create(function)));
        Assert.Throws<ArgumentException>(() =>
            NonLinearCircuit.Create(valid with { Activation = Activation.Clip, Lower = 2, Upper = 1 }));
    }

    private static int Ands(Func<CircuitBuilder, Wire[], Wire[], Wire[]> build)
    {
        var builder = new CircuitBuilder(10, 10);
        return builder.Build(build(builder, builder.GarblerInput(0, 10), builder.EvaluatorInput(0, 10))).AndGates;
    }

    private static bool[] ToBits(int value, int bits) => [.. Enumerable.Range(0, bits).Select(i => ((value >> i) & 1) == 1)];

    private static int Read(bool[] bits, int start) =>
        Enumerable.Range(start, Math.Min(8, bits.Length - start)).Sum(i => (bits[i] ? 1 : 0) << (i - start));
}
