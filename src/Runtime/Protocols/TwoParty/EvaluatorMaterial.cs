using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>What the client keeps of one garbled step: the labels of its own inputs, and the tables once they have arrived.</summary>
internal sealed class EvaluatorMaterial(PooledBlocks labels) : IDisposable
{
    private GarbledTables? _tables;

    public ReadOnlySpan<Block> Labels => labels.Span;

    public GarbledTables Tables
    {
        get => _tables ?? throw new InvalidOperationException("The tables have not been received.");
        set => _tables = value;
    }

    public void Keep(MaterialFields fields)
    {
        fields.Keep(labels.Span);
        Tables.Keep(fields);
    }

    public void Dispose()
    {
        labels.Dispose();
        _tables?.Dispose();
    }
}
