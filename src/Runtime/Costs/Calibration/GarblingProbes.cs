using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>The parties' parts in a garbled ReLU with truncation, and its oblivious transfers.</summary>
internal sealed class GarblingProbes : IDisposable
{
    // Tables of some 50 MB, more than caches hold.
    private const int Instances = 1 << 14;
    private const int Bits = 32;

    private static readonly NonLinearFunction s_function = new() { InputBits = Bits, RingBits = Bits, Shift = 8, Activation = Activation.Relu };

    private readonly Circuit _circuit = NonLinearCircuit.Create(s_function);
    private readonly ReplayChannel _channel = new();
    private readonly ulong[] _shares = new ulong[Instances];
    private readonly Block[] _clientLabels;
    private readonly Block[] _serverLabels;
    private readonly byte[] _colors;
    private readonly HalfGatesGarbler _garbler;
    private readonly CorrelatedOtSender _sender;
    private readonly CorrelatedOtReceiver _receiver;
    private readonly GarbledTables _tables;
    private readonly Block _seed = SecureRandom.NextBlock();

    public GarblingProbes()
    {
        AesCtrGenerator random = SecureRandom.CreateGenerator();
        Block[] keys = new Block[CorrelatedOt.BaseCount];
        random.Fill(keys);
        random.FillRing(_shares, Bits);
        _clientLabels = new Block[HalfGates.EvaluatorLabels(_circuit, Instances)];
        _serverLabels = new Block[HalfGates.GarblerLabelBytes(_circuit, Instances) / Block.Size];
        _colors = new byte[HalfGates.ColorBytes(_circuit, Instances)];
        _sender = new CorrelatedOtSender(CorrelatedOtSender.CreateDelta(), keys);
        _receiver = new CorrelatedOtReceiver(keys, keys);
        _sender.ReceiveSetup(_channel);
        _garbler = new HalfGatesGarbler(GarblingSession.Create(), _sender.Delta);
        _tables = GarbledTables.Receive(GarblingSession.Create(), _circuit, Instances, _channel);
    }

    // Times do not depend on what is garbled or evaluated, so tables and labels may be any bytes.
    public IEnumerable<Probe> All =>
    [
        new(Primitive.GarbledGate, (long)_circuit.AndGates * Instances,
            () => _garbler.Garble(_circuit, Instances, _seed, _clientLabels, _channel, _colors)),
        new(Primitive.EvaluatedGate, (long)_circuit.AndGates * Instances,
            () => HalfGatesEvaluator.Evaluate(_tables, _serverLabels, _clientLabels, _colors)),
        new(Primitive.SelectedLabel, _serverLabels.Length,
            () => _garbler.SendInputLabels(_circuit, Instances, _seed, NonLinearCircuit.PackServerInputs(s_function, _shares), _channel)),
        new(Primitive.TransferChosen, _clientLabels.Length, Choose),
        new(Primitive.TransferOffered, _clientLabels.Length, Offer),
    ];

    public void Dispose()
    {
        _tables.Dispose();
        _channel.Dispose();
    }

    private void Choose()
    {
        byte[] choices = NonLinearCircuit.PackClientInputs(s_function, _shares, _shares);
        using PooledBlocks labels = new(_clientLabels.Length);
        _receiver.Extend(_channel, choices, labels.Span);
    }

    private void Offer()
    {
        using PooledBlocks labels = new(_clientLabels.Length);
        _sender.Extend(_channel, labels.Span);
    }
}
