using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>What the client keeps of one garbled step: the labels of its own inputs, and the tables once they have arrived.</summary>
internal sealed class EvaluatorMaterial(Block[] labels) : IDisposable
{
    private GarbledTables? _tables;

    public Block[] Labels { get; } = labels;

    public GarbledTables Tables
    {
        get => _tables ?? throw new InvalidOperationException("The tables have not been received.");
        set => _tables = value;
    }

    public void Dispose() => _tables?.Dispose();
}
