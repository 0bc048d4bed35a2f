using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// Builds a <see cref="Circuit"/> gate by gate. It folds constants, shares equal gates and moves negations to the front,
/// so that no AND is spent where an operand is constant or the operands are equal or complementary.
/// </summary>
public sealed class CircuitBuilder
{
    private readonly int _garblerInputs;
    private readonly int _evaluatorInputs;
    private readonly List<Gate> _gates = [];
    private readonly Dictionary<(GateKind Kind, int Left, int Right), Wire> _shared = [];

    public CircuitBuilder(int garblerInputs, int evaluatorInputs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(garblerInputs);
        ArgumentOutOfRangeException.ThrowIfNegative(evaluatorInputs);
        _garblerInputs = garblerInputs;
        _evaluatorInputs = evaluatorInputs;
    }

    private int InputCount => _garblerInputs + _evaluatorInputs;

    /// <summary>The garbler's input bits <paramref name="start"/>, <paramref name="start"/> + 1, ….</summary>
    public Wire[] GarblerInput(int start, int count) => InputWires(start, count, _garblerInputs, offset: 0);

    /// <summary>The evaluator's input bits <paramref name="start"/>, <paramref name="start"/> + 1, ….</summary>
    public Wire[] EvaluatorInput(int start, int count) => InputWires(start, count, _evaluatorInputs, _garblerInputs);

    public Wire Not(Wire a)
    {
        if (a.IsConstant)
            return Wire.Constant(a == Wire.Zero);
        return IsNegation(a, out Wire inner) ? inner : Share(GateKind.Not, a, a);
    }

    public Wire Xor(Wire a, Wire b)
    {
        if (a.IsConstant)
            (a, b) = (b, a);
        if (b.IsConstant)
            return b == Wire.Zero ? a : Not(a);
        if (a == b)
            return Wire.Zero;
        if (IsNegation(a, out Wire innerA))
            return Not(Xor(innerA, b));
        return IsNegation(b, out Wire innerB) ? Not(Xor(a, innerB)) : Share(GateKind.Xor, a, b);
    }

    public Wire And(Wire a, Wire b)
    {
        if (a.IsConstant)
            (a, b) = (b, a);
        if (b.IsConstant)
            return b == Wire.Zero ? Wire.Zero : a;
        if (a == b)
            return a;
        return a == Not(b) ? Wire.Zero : Share(GateKind.And, a, b);
    }

    /// <summary>The circuit of all gates that <paramref name="outputs"/> depend on.</summary>
    public Circuit Build(params ReadOnlySpan<Wire> outputs)
    {
        int[] ids = new int[outputs.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = Materialize(outputs[i]).Id;
        return WireAllocation.Allocate(_garblerInputs, _evaluatorInputs, CollectionsMarshal.AsSpan(_gates), ids);
    }

    private static Wire[] InputWires(int start, int count, int available, int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, available - start);
        return [.. Enumerable.Range(offset + start, count).Select(id => new Wire(id))];
    }

    private bool IsNegation(Wire wire, out Wire inner)
    {
        inner = default;
        if (wire.Id < InputCount || _gates[wire.Id - InputCount] is not { Kind: GateKind.Not } gate)
            return false;
        inner = new Wire(gate.Left);
        return true;
    }

    private Wire Share(GateKind kind, Wire a, Wire b)
    {
        (int Left, int Right) operands = a.Id <= b.Id ? (a.Id, b.Id) : (b.Id, a.Id);
        if (!_shared.TryGetValue((kind, operands.Left, operands.Right), out Wire wire))
        {
            wire = Append(kind, operands.Left, operands.Right);
            _shared.Add((kind, operands.Left, operands.Right), wire);
        }

        return wire;
    }

    private Wire Append(GateKind kind, int left, int right)
    {
        var wire = new Wire(InputCount + _gates.Count);
        _gates.Add(new Gate(kind, left, right, wire.Id));
        return wire;
    }

    // An output needs a label even where it is constant: the exclusive or of an input with itself is 0.
    private Wire Materialize(Wire wire)
    {
        if (!wire.IsConstant)
            return wire;
        if (InputCount == 0)
            throw new InvalidOperationException("A circuit without inputs has no wires to compute an output from.");
        Wire zero = Append(GateKind.Xor, 0, 0);
        return wire == Wire.Zero ? zero : Append(GateKind.Not, zero.Id, zero.Id);
    }
}
