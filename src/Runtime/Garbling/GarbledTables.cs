using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The tables of one run that an evaluator has received and not yet used, in native memory: they are large, and are freed
/// at <see cref="Dispose"/> and not when a collector gets to it. Any size the machine has room for.
/// </summary>
public sealed unsafe class GarbledTables : IDisposable
{
    private readonly NativeMemoryHandle _memory;
    private Block _startPoint;
    private ulong _firstTweak;

    private GarbledTables(Circuit circuit, int instances, Block startPoint, ulong firstTweak)
    {
        Circuit = circuit;
        Instances = instances;
        _startPoint = startPoint;
        _firstTweak = firstTweak;
        _memory = new NativeMemoryHandle(HalfGates.TableBytes(circuit, instances));
    }

    public Circuit Circuit { get; }

    public int Instances { get; }

    internal Block StartPoint => _startPoint;

    internal ulong FirstTweak => _firstTweak;

    /// <summary>
    /// Receives <see cref="HalfGates.TableBytes"/> bytes, and advances the session as the garbler's run did. Runs must be
    /// received in the order in which they were garbled; they can be evaluated in any.
    /// </summary>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    /// <exception cref="OutOfMemoryException">The machine has no room for the tables.</exception>
    public static GarbledTables Receive(GarblingSession session, Circuit circuit, int instances, IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(session);
        ulong firstTweak = session.Reserve(HalfGates.Tweaks(circuit, instances));
        var tables = new GarbledTables(circuit, instances, session.StartPoint, firstTweak);
        try
        {
            for (int block = 0; block < HalfGates.Blocks(instances); block++)
                channel.ReceiveBlocks(tables.OfBlock(block));
        }
        catch
        {
            tables.Dispose();
            throw;
        }

        return tables;
    }

    /// <summary>Tables yet to be read from a store.</summary>
    internal static GarbledTables Empty(Circuit circuit, int instances) => new(circuit, instances, default, 0);

    /// <summary>Keeps the tables and what their hash needs.</summary>
    internal void Keep(MaterialFields fields)
    {
        fields.Keep(ref _startPoint);
        fields.Keep(ref _firstTweak);
        for (int block = 0; block < HalfGates.Blocks(Instances); block++)
            fields.Keep(OfBlock(block));
    }

    /// <summary>The two halves of each AND gate for the instances of one block: [gate][half][instance].</summary>
    /// <exception cref="ObjectDisposedException">The tables have been freed.</exception>
    internal Span<Block> OfBlock(int block)
    {
        ObjectDisposedException.ThrowIf(_memory.IsClosed, this);
        long blocksBefore = 2L * Circuit.AndGates * Lanes.Count * block;
        return new Span<Block>((Block*)_memory.DangerousGetHandle() + blocksBefore, 2 * Circuit.AndGates * HalfGates.InstancesOf(block, Instances));
    }

    public void Dispose() => _memory.Dispose();
}
