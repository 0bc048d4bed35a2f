using System.Collections.Immutable;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// Drops gates that no output depends on, and gives wires slots by linear scan, so that the labels in use stay in the
/// processor's cache.
/// </summary>
internal static class WireAllocation
{
    /// <summary>Gate i of <paramref name="gates"/> writes wire inputs + i; outputs are such wires.</summary>
    public static Circuit Allocate(int garblerInputs, int evaluatorInputs, ReadOnlySpan<Gate> gates, ReadOnlySpan<int> outputs)
    {
        int inputs = garblerInputs + evaluatorInputs;
        int[] lastUses = LastUses(inputs, gates, outputs);
        int[] slots = new int[inputs + gates.Length];
        var free = new Stack<int>();
        var allocated = ImmutableArray.CreateBuilder<Gate>();
        int slotCount = inputs;
        for (int wire = 0; wire < inputs; wire++)
            slots[wire] = wire;

        for (int i = 0; i < gates.Length; i++)
        {
            Gate gate = gates[i];
            if (lastUses[gate.Output] == Unused)
                continue;

            slots[gate.Output] = free.TryPop(out int slot) ? slot : slotCount++;
            allocated.Add(new Gate(gate.Kind, slots[gate.Left], slots[gate.Right], slots[gate.Output]));
            if (lastUses[gate.Left] == i)
                free.Push(slots[gate.Left]);
            if (lastUses[gate.Right] == i && gate.Right != gate.Left)
                free.Push(slots[gate.Right]);
        }

        var outputSlots = ImmutableArray.CreateBuilder<int>(outputs.Length);
        foreach (int output in outputs)
            outputSlots.Add(slots[output]);
        return new Circuit(garblerInputs, evaluatorInputs, slotCount, allocated.ToImmutable(), outputSlots.MoveToImmutable());
    }

    private const int Unused = -1;

    /// <summary>For each wire the last live gate that reads it; an output is read after all gates.</summary>
    private static int[] LastUses(int inputs, ReadOnlySpan<Gate> gates, ReadOnlySpan<int> outputs)
    {
        int[] lastUses = new int[inputs + gates.Length];
        Array.Fill(lastUses, Unused);
        foreach (int output in outputs)
            lastUses[output] = gates.Length;

        for (int i = gates.Length - 1; i >= 0; i--)
        {
            Gate gate = gates[i];
            if (lastUses[gate.Output] == Unused)
                continue;
            lastUses[gate.Left] = Math.Max(lastUses[gate.Left], i);
            lastUses[gate.Right] = Math.Max(lastUses[gate.Right], i);
        }

        return lastUses;
    }
}
