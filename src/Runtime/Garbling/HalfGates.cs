using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// Garbled circuits by half gates: Zahur, Rosulek and Evans, "Two halves make a whole" (EUROCRYPT 2015), with free XOR and
/// point-and-permute. Many instances of one circuit are garbled side by side, in blocks of eight; everything sent is for
/// real instances only, in the order [instance][bit] for labels and colours, and [block][AND gate][half][instance of the
/// block] for tables.
/// </summary>
public static class HalfGates
{
    /// <summary>Bytes of the tables, which the garbler sends: 32 an AND gate an instance.</summary>
    public static long TableBytes(Circuit circuit, int instances) => 2L * Block.Size * Validate(circuit, instances).AndGates * instances;

    /// <summary>Bytes of the garbler's input labels, which it sends: 16 a bit an instance.</summary>
    public static long GarblerLabelBytes(Circuit circuit, int instances) =>
        (long)Block.Size * Validate(circuit, instances).GarblerInputs * instances;

    /// <summary>Labels the evaluator needs for its own inputs, by correlated oblivious transfer.</summary>
    public static long EvaluatorLabels(Circuit circuit, int instances) =>
        (long)Validate(circuit, instances).EvaluatorInputs * instances;

    /// <summary>Bytes of the packed output colours, which the evaluator sends where the garbler is to learn the outputs.</summary>
    public static long ColorBytes(Circuit circuit, int instances) =>
        (((long)Validate(circuit, instances).Outputs.Length * instances) + 7) / 8;

    /// <summary>The outputs in the clear, in place of the colours: colour ⊕ permute bit.</summary>
    /// <exception cref="ArgumentException">The spans differ in length.</exception>
    public static void Decode(Span<byte> colors, ReadOnlySpan<byte> permuteBits)
    {
        if (colors.Length != permuteBits.Length)
            throw new ArgumentException("Colours and permute bits differ in length.", nameof(permuteBits));
        for (int i = 0; i < colors.Length; i++)
            colors[i] ^= permuteBits[i];
    }

    /// <summary>The work of garbling: four hashes a gate, and the stream of the garbler's labels.</summary>
    internal static WorkCost GarblingWork(Circuit circuit, int instances) => new()
    {
        AesCalls = (4 * LaneGates(circuit, instances)) + ((long)circuit.GarblerInputs * instances),
        Units = WorkCost.Of(Primitive.GarbledGate, LaneGates(circuit, instances)).Units,
    };

    /// <summary>The work of selecting the garbler's labels.</summary>
    internal static WorkCost SelectionWork(Circuit circuit, int instances)
    {
        long labels = (long)circuit.GarblerInputs * instances;
        return new WorkCost { AesCalls = labels, Units = WorkCost.Of(Primitive.SelectedLabel, labels).Units };
    }

    /// <summary>The work of evaluating: two hashes a gate.</summary>
    internal static WorkCost EvaluationWork(Circuit circuit, int instances) => new()
    {
        AesCalls = 2 * LaneGates(circuit, instances),
        Units = WorkCost.Of(Primitive.EvaluatedGate, LaneGates(circuit, instances)).Units,
    };

    /// <summary>Tweaks that one run uses: two a gate a block.</summary>
    internal static ulong Tweaks(Circuit circuit, int instances) =>
        2UL * (ulong)circuit.AndGates * (ulong)Blocks(instances);

    internal static int Blocks(int instances) => (int)(((long)instances + Lanes.Count - 1) / Lanes.Count);

    /// <summary>The real instances of a block: eight but in the last.</summary>
    internal static int InstancesOf(int block, int instances) => Math.Min(Lanes.Count, instances - (block * Lanes.Count));

    // All lanes of a block are hashed, used or not.
    private static long LaneGates(Circuit circuit, int instances) => (long)circuit.AndGates * Blocks(instances) * Lanes.Count;

    private static Circuit Validate(Circuit circuit, int instances)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        ArgumentOutOfRangeException.ThrowIfNegative(instances);
        return circuit;
    }
}
