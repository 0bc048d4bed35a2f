using System.Collections.Immutable;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// A Boolean circuit with inputs of two parties, ready to be garbled: the garbler's inputs are wires 0, 1, …, the
/// evaluator's follow, and gates in order write to reused slots. Immutable; built by <see cref="CircuitBuilder"/>.
/// </summary>
public sealed class Circuit
{
    internal Circuit(
        int garblerInputs, int evaluatorInputs, int wireSlots, ImmutableArray<Gate> gates, ImmutableArray<int> outputs)
    {
        GarblerInputs = garblerInputs;
        EvaluatorInputs = evaluatorInputs;
        WireSlots = wireSlots;
        Gates = gates;
        Outputs = outputs;
        AndGates = gates.Count(gate => gate.Kind == GateKind.And);
    }

    /// <summary>Bits the garbler brings.</summary>
    public int GarblerInputs { get; }

    /// <summary>Bits the evaluator brings.</summary>
    public int EvaluatorInputs { get; }

    /// <summary>Wires that live at the same time, at most: the size of the working memory.</summary>
    public int WireSlots { get; }

    /// <summary>In an order in which they can be evaluated.</summary>
    public ImmutableArray<Gate> Gates { get; }

    /// <summary>The slots that hold the outputs after the last gate.</summary>
    public ImmutableArray<int> Outputs { get; }

    /// <summary>Gates that cost two ciphertexts each.</summary>
    public int AndGates { get; }

    /// <summary>The outputs in the clear.</summary>
    /// <exception cref="ArgumentException">An input has the wrong number of bits.</exception>
    public bool[] Evaluate(ReadOnlySpan<bool> garblerInputs, ReadOnlySpan<bool> evaluatorInputs)
    {
        if (garblerInputs.Length != GarblerInputs)
            throw new ArgumentException($"The garbler has {GarblerInputs} input bits.", nameof(garblerInputs));
        if (evaluatorInputs.Length != EvaluatorInputs)
            throw new ArgumentException($"The evaluator has {EvaluatorInputs} input bits.", nameof(evaluatorInputs));

        bool[] wires = new bool[WireSlots];
        garblerInputs.CopyTo(wires);
        evaluatorInputs.CopyTo(wires.AsSpan(GarblerInputs));
        foreach (Gate gate in Gates)
        {
            wires[gate.Output] = gate.Kind switch
            {
                GateKind.Xor => wires[gate.Left] ^ wires[gate.Right],
                GateKind.And => wires[gate.Left] & wires[gate.Right],
                GateKind.Not => !wires[gate.Left],
                _ => throw new InvalidOperationException($"Unknown gate {gate.Kind}."),
            };
        }

        return [.. Outputs.Select(output => wires[output])];
    }
}
