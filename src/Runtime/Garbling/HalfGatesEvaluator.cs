using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Garbling;

/// <summary>The evaluator of <see cref="HalfGates"/>: it learns the colours of the outputs, which mean nothing by themselves.</summary>
public static class HalfGatesEvaluator
{
    /// <summary>Evaluates all instances.</summary>
    /// <param name="tables">What the garbler sent for this run.</param>
    /// <param name="garblerLabels">One label a garbler's input bit, [instance][bit], as the garbler sent them.</param>
    /// <param name="evaluatorLabels">One label an evaluator's input bit, [instance][bit], from correlated oblivious transfer.</param>
    /// <param name="colors">Gets the <see cref="HalfGates.ColorBytes"/> bytes of packed colours, [instance][output].</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public static void Evaluate(
        GarbledTables tables, ReadOnlySpan<Block> garblerLabels, ReadOnlySpan<Block> evaluatorLabels, Span<byte> colors)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (colors.Length != HalfGates.ColorBytes(tables.Circuit, tables.Instances))
            throw new ArgumentException("There must be one colour an output.", nameof(colors));
        colors.Clear();
        Evaluate(tables, garblerLabels, evaluatorLabels, colors, outputLabels: []);
    }

    /// <summary>As <see cref="Evaluate(GarbledTables, ReadOnlySpan{Block}, ReadOnlySpan{Block}, Span{byte})"/>, for outputs that are used as labels.</summary>
    /// <param name="tables">What the garbler sent for this run.</param>
    /// <param name="garblerLabels">One label a garbler's input bit, [instance][bit], as the garbler sent them.</param>
    /// <param name="evaluatorLabels">One label an evaluator's input bit, [instance][bit], from correlated oblivious transfer.</param>
    /// <param name="outputLabels">Gets one label an output, [instance][output].</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    internal static void EvaluateToLabels(
        GarbledTables tables, ReadOnlySpan<Block> garblerLabels, ReadOnlySpan<Block> evaluatorLabels, Span<Block> outputLabels)
    {
        if (outputLabels.Length != (long)tables.Circuit.Outputs.Length * tables.Instances)
            throw new ArgumentException("There must be one label an output.", nameof(outputLabels));
        Evaluate(tables, garblerLabels, evaluatorLabels, colors: [], outputLabels);
    }

    private static void Evaluate(
        GarbledTables tables, ReadOnlySpan<Block> garblerLabels, ReadOnlySpan<Block> evaluatorLabels, Span<byte> colors, Span<Block> outputLabels)
    {
        Circuit circuit = tables.Circuit;
        int instances = tables.Instances;
        if (garblerLabels.Length != (long)circuit.GarblerInputs * instances)
            throw new ArgumentException("There must be one label a garbler's input bit.", nameof(garblerLabels));
        if (evaluatorLabels.Length != HalfGates.EvaluatorLabels(circuit, instances))
            throw new ArgumentException("There must be one label an evaluator's input bit.", nameof(evaluatorLabels));

        var hash = new TweakableHash(tables.StartPoint, tables.FirstTweak);
        var labels = new Block[circuit.WireSlots * Lanes.Count];
        for (int block = 0; block < HalfGates.Blocks(instances); block++)
        {
            int first = block * Lanes.Count;
            int count = HalfGates.InstancesOf(block, instances);
            Lanes.Load(
                garblerLabels.Slice(first * circuit.GarblerInputs, count * circuit.GarblerInputs),
                circuit.GarblerInputs,
                labels,
                firstSlot: 0);
            Lanes.Load(
                evaluatorLabels.Slice(first * circuit.EvaluatorInputs, count * circuit.EvaluatorInputs),
                circuit.EvaluatorInputs,
                labels,
                circuit.GarblerInputs);
            EvaluateBlock(circuit, hash, labels, count, tables.OfBlock(block));
            if (!colors.IsEmpty)
                Lanes.StoreColors(labels, circuit.Outputs.AsSpan(), count, (long)first * circuit.Outputs.Length, colors);
            if (!outputLabels.IsEmpty)
                Lanes.Store(labels, circuit.Outputs.AsSpan(), count, outputLabels[(first * circuit.Outputs.Length)..]);
        }

        GC.KeepAlive(tables);
    }

    private static void EvaluateBlock(
        Circuit circuit, TweakableHash hash, Span<Block> labels, int count, ReadOnlySpan<Block> tables)
    {
        Span<Block> hashes = stackalloc Block[2 * Lanes.Count];
        foreach (Gate gate in circuit.Gates.AsSpan())
        {
            switch (gate.Kind)
            {
                case GateKind.Xor:
                    Lanes.Xor(labels, gate);
                    break;
                case GateKind.Not:
                    Lanes.Of(labels, gate.Left).CopyTo(Lanes.Of(labels, gate.Output));
                    break;
                default:
                    EvaluateAnd(hash, labels, gate, hashes, tables[..count], tables.Slice(count, count));
                    tables = tables[(2 * count)..];
                    break;
            }
        }
    }

    // Zahur, Rosulek and Evans, figure 2. The lanes beyond the block's instances stay unused.
    private static void EvaluateAnd(
        TweakableHash hash,
        Span<Block> labels,
        Gate gate,
        Span<Block> hashes,
        ReadOnlySpan<Block> garblerHalf,
        ReadOnlySpan<Block> evaluatorHalf)
    {
        ReadOnlySpan<Block> left = Lanes.Of(labels, gate.Left);
        ReadOnlySpan<Block> right = Lanes.Of(labels, gate.Right);
        Span<Block> leftHash = Lanes.Of(hashes, 0);
        Span<Block> rightHash = Lanes.Of(hashes, 1);
        TweakableHash.Hash(in hash.NextKey(), left, default, leftHash);
        TweakableHash.Hash(in hash.NextKey(), right, default, rightHash);

        Span<Block> output = Lanes.Of(labels, gate.Output);
        for (int lane = 0; lane < garblerHalf.Length; lane++)
        {
            Block a = left[lane];
            Block garblerOutput = leftHash[lane] ^ (a.MaskOfLeastSignificantBit() & garblerHalf[lane]);
            Block evaluatorOutput = rightHash[lane] ^ (right[lane].MaskOfLeastSignificantBit() & (evaluatorHalf[lane] ^ a));
            output[lane] = garblerOutput ^ evaluatorOutput;
        }
    }
}
