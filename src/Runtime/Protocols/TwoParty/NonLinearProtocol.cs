using System.Runtime.InteropServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// A non-linear step by garbled circuit, as in Delphi (Mishra et al. 2020, section 4.2): the server garbles, the client
/// evaluates. The client's inputs – its share of the step's input, and its fresh share r of the output – are known
/// offline, so its labels and the tables travel then. Online the server sends the labels of its own share and gets back
/// the colours of the outputs, which it alone can decode, to y − r.
/// </summary>
internal sealed class NonLinearProtocol
{
    private const int SharesPerBlock = 2;

    private readonly int _step;
    private readonly PoolGeometry? _pool;
    private readonly NonLinearFunction _function;
    private readonly Circuit _circuit;
    private readonly int _instances;

    public NonLinearProtocol(int step, NonLinearStep definition, ExecutionPlan plan)
    {
        _step = step;
        _pool = definition.Pool;
        _function = new NonLinearFunction
        {
            InputBits = definition.InputBits,
            WindowSize = definition.Pool?.WindowSize ?? 1,
            Shift = definition.Shift,
            Activation = definition.Activation,
            Lower = definition.Lower,
            Upper = definition.Upper,
            RingBits = plan.RingBits,
        };
        _circuit = NonLinearCircuit.Create(_function);
        _instances = plan.Values[definition.Output].Count;
    }

    /// <summary>Offline, from the client: the oblivious transfer of its input labels.</summary>
    public PlannedMessage Transfers => Message(Phase.Offline, Party.Client, CorrelatedOt.ReceiverBytes(ClientInputs));

    /// <summary>Offline, from the server: the garbled tables, 32 bytes an AND gate and instance.</summary>
    public PlannedMessage Tables => Message(Phase.Offline, Party.Server, HalfGates.TableBytes(_circuit, _instances));

    /// <summary>Online, from the server: the labels of its share, 16 bytes a bit.</summary>
    public PlannedMessage Labels => Message(Phase.Online, Party.Server, HalfGates.GarblerLabelBytes(_circuit, _instances));

    /// <summary>Online, from the client: one colour bit an output bit.</summary>
    public PlannedMessage Colors => Message(Phase.Online, Party.Client, HalfGates.ColorBytes(_circuit, _instances));

    /// <summary>The client, offline: draws its share of the output.</summary>
    public WorkCost DrawWork => WorkCost.Stream(_instances / SharesPerBlock);

    /// <summary>The client, while it sends <see cref="Transfers"/>.</summary>
    public WorkCost ChoiceWork => CorrelatedOt.ReceiverWork(ClientInputs);

    /// <summary>The server, while it receives <see cref="Transfers"/>.</summary>
    public WorkCost OfferWork => CorrelatedOt.SenderWork(ClientInputs);

    /// <summary>The server, while it sends <see cref="Tables"/>.</summary>
    public WorkCost GarblingWork => HalfGates.GarblingWork(_circuit, _instances);

    /// <summary>The client, while it receives <see cref="Tables"/>.</summary>
    public WorkCost StoringWork => WorkCost.Of(Primitive.StoredByte, HalfGates.TableBytes(_circuit, _instances));

    /// <summary>The server, while it sends <see cref="Labels"/>.</summary>
    public WorkCost SelectionWork => HalfGates.SelectionWork(_circuit, _instances);

    /// <summary>The client, between <see cref="Labels"/> and <see cref="Colors"/>.</summary>
    public WorkCost EvaluationWork => HalfGates.EvaluationWork(_circuit, _instances)
        + WorkCost.Of(Primitive.ReleasedByte, Storage.ClientBytes + HalfGates.GarblerLabelBytes(_circuit, _instances));

    /// <summary>The server, after <see cref="Colors"/>.</summary>
    public WorkCost DecodingWork => WorkCost.Of(Primitive.HandledElement, _instances);

    /// <summary>What is kept for an inference. Client: tables and labels. Server: the seed of its labels, permute bits.</summary>
    public PartyBytes Storage => new()
    {
        ClientBytes = HalfGates.TableBytes(_circuit, _instances) + ((long)ClientInputs * Block.Size),
        ServerBytes = Block.Size + HalfGates.ColorBytes(_circuit, _instances),
    };

    /// <summary>Labels that the client obtains offline; the server holds as many until it garbles.</summary>
    public int ClientInputs => checked(_instances * _circuit.EvaluatorInputs);

    /// <summary>The client's material, yet to be read from a store.</summary>
    public EvaluatorMaterial EmptyClient() => new(new PooledBlocks(ClientInputs)) { Tables = GarbledTables.Empty(_circuit, _instances) };

    /// <summary>The server's material, yet to be read from a store.</summary>
    public GarblerMaterial EmptyServer() => new(default, new byte[HalfGates.ColorBytes(_circuit, _instances)]);

    /// <summary>The client, offline: obtains the labels of its shares.</summary>
    public EvaluatorMaterial SendTransfers(
        MessageChannel channel, CorrelatedOtReceiver transfers, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare)
    {
        byte[] choices = NonLinearCircuit.PackClientInputs(_function, Windows(inputShare), outputShare);
        PooledBlocks labels = new(ClientInputs);
        BeginSend(channel, Transfers);
        transfers.Extend(channel, choices, labels.Span);
        channel.EndSend();
        return new EvaluatorMaterial(labels);
    }

    /// <summary>The server, offline: the zero labels of the client's inputs, [instance][bit]; the caller disposes them.</summary>
    public PooledBlocks ReceiveTransfers(MessageChannel channel, CorrelatedOtSender transfers)
    {
        PooledBlocks zeroLabels = new(ClientInputs);
        BeginReceive(channel, Transfers);
        transfers.Extend(channel, zeroLabels.Span);
        channel.EndReceive();
        return zeroLabels;
    }

    /// <summary>The server, offline: garbles and sends the tables as they are made.</summary>
    public GarblerMaterial SendTables(MessageChannel channel, HalfGatesGarbler garbler, ReadOnlySpan<Block> clientZeroLabels)
    {
        GarblerMaterial material = new(SecureRandom.NextBlock(), new byte[HalfGates.ColorBytes(_circuit, _instances)]);
        BeginSend(channel, Tables);
        garbler.Garble(_circuit, _instances, material.LabelSeed, clientZeroLabels, channel, material.PermuteBits);
        channel.EndSend();
        return material;
    }

    /// <summary>The client, offline: stores the tables.</summary>
    public void ReceiveTables(MessageChannel channel, GarblingSession session, EvaluatorMaterial material)
    {
        BeginReceive(channel, Tables);
        material.Tables = GarbledTables.Receive(session, _circuit, _instances, channel);
        channel.EndReceive();
    }

    /// <summary>
    /// The server, online: from its share of the input to its share y − r of the output. Stops after each message, so that steps can take
    /// turns.
    /// </summary>
    /// <returns>What it has sent or received.</returns>
    public IEnumerable<PlannedMessage> RunServer(
        MessageChannel channel, HalfGatesGarbler garbler, GarblerMaterial material, ulong[] inputShare, ulong[] outputShare)
    {
        byte[] inputs = NonLinearCircuit.PackServerInputs(_function, Windows(inputShare));
        BeginSend(channel, Labels);
        garbler.SendInputLabels(_circuit, _instances, material.LabelSeed, inputs, channel);
        channel.EndSend();
        yield return Labels;

        byte[] colors = new byte[material.PermuteBits.Length];
        BeginReceive(channel, Colors);
        channel.Receive(colors);
        channel.EndReceive();
        for (int i = 0; i < colors.Length; i++)
            colors[i] ^= material.PermuteBits[i];
        PackedBits.Unpack(colors, _function.RingBits, outputShare);
        yield return Colors;
    }

    /// <summary>The client, online: evaluates and returns colours; frees the tables. Stops after each message.</summary>
    /// <returns>What it has received or sent.</returns>
    public IEnumerable<PlannedMessage> RunClient(MessageChannel channel, EvaluatorMaterial material)
    {
        using PooledBlocks serverLabels = new(checked(_instances * _circuit.GarblerInputs));
        BeginReceive(channel, Labels);
        channel.Receive(MemoryMarshal.AsBytes(serverLabels.Span));
        channel.EndReceive();
        yield return Labels;

        byte[] colors = new byte[HalfGates.ColorBytes(_circuit, _instances)];
        HalfGatesEvaluator.Evaluate(material.Tables, serverLabels.Span, material.Labels, colors);
        material.Dispose();
        BeginSend(channel, Colors);
        channel.Send(colors);
        channel.EndSend();
        yield return Colors;
    }

    private ReadOnlySpan<ulong> Windows(ReadOnlySpan<ulong> share) => _pool is null ? share : WindowGather.Gather(_pool, share);

    private PlannedMessage Message(Phase phase, Party sender, long bytes) => PlannedMessage.Create(_step, phase, sender, bytes);

    private static void BeginSend(MessageChannel channel, PlannedMessage message) => channel.BeginSend(MessageKind.Step, message);

    private static void BeginReceive(MessageChannel channel, PlannedMessage message) => channel.BeginReceive(MessageKind.Step, message);
}
