using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Engine;

/// <summary>What the server keeps for a whole session: the client's RLWE public keys, the garbler with its Δ, randomness.</summary>
internal sealed class ServerKeys
{
    private readonly int _ringBits;
    private readonly CorrelatedOtReceiver? _choices;
    private Protocols.TwoParty.Comparison.SilentTransfers? _silentTransfers;
    private readonly ImmutableDictionary<(int Degree, int PrimeCount), RlwePublicKey> _publicKeys;

    private ServerKeys(TwoPartyProgram program, ImmutableArray<RlwePublicKey> publicKeys, CorrelatedOtSender transfers, CorrelatedOtReceiver? choices, GarblingSession garbling)
    {
        _ringBits = program.Ring.Bits;
        _publicKeys = program.KeySets.Zip(publicKeys).ToImmutableDictionary(p => p.First, p => p.Second);
        Transfers = transfers;
        _choices = choices;
        Garbler = new HalfGatesGarbler(garbling, transfers.Delta);
    }

    public CorrelatedOtSender Transfers { get; }

    /// <summary>The transfers in which this party chooses, for plans with shared signs.</summary>
    public CorrelatedOtReceiver Choices => _choices ?? throw new InvalidOperationException("The plan needs no transfers in which the server chooses.");

    /// <summary>The ends of silent transfers, for plans with steps by oblivious transfer.</summary>
    public Protocols.TwoParty.Comparison.SilentTransfers SilentTransfers => _silentTransfers ?? throw new InvalidOperationException("The plan needs no silent transfers.");

    public HalfGatesGarbler Garbler { get; }

    /// <summary>The session's generator: output masks, re-randomisation, flooding noise.</summary>
    public AesCtrGenerator Random { get; } = SecureRandom.CreateGenerator();

    /// <summary>The first setup message.</summary>
    public static MessageHeader FirstHeader(TwoPartyProgram program) => new(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ClientBytes(program));

    /// <summary>Exchanges the setup messages, of whose first the header was read. The base transfers' choices are the bits of the garbling offset Δ.</summary>
    /// <exception cref="PeerProtocolException">A key or a point is not valid.</exception>
    public static ServerKeys Agree(TwoPartyProgram program, bool withDealer, MessageChannel channel)
    {
        BaseOtReceiver baseOt = new();
        baseOt.ReceiveSetup(channel);
        ImmutableArray<RlwePublicKey> publicKeys = [.. program.KeySets.Select(k => ReadKey(channel, RlweParameters.Get(k.Degree, k.PrimeCount)))];
        channel.EndReceive();

        Block delta = CorrelatedOtSender.CreateDelta();
        Block[] keys = new Block[CorrelatedOt.BaseCount];
        GarblingSession garbling = GarblingSession.Create();
        Block startPoint = garbling.StartPoint;
        channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerBytes);
        baseOt.SendChoices(channel, CorrelatedOtSender.Choices(delta), keys);
        channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<Block>(in startPoint)));
        channel.EndSend();

        CorrelatedOtSender transfers = new(delta, keys);
        CorrelatedOtReceiver? choices = program.NeedsTransfers(withDealer) ? ReceiveTrees(program, withDealer, channel, transfers, garbling) : null;
        ServerKeys agreed = new(program, publicKeys, transfers, choices, garbling);
        if (program.NeededTransfers(withDealer) is { } sizes)
            agreed._silentTransfers = Protocols.TwoParty.Comparison.SilentTransfers.AgreeAsServer(channel, sizes, transfers, choices!);
        else if (choices is not null)
            SendTrees(channel, choices);
        return agreed;
    }

    private static CorrelatedOtReceiver? ReceiveTrees(TwoPartyProgram program, bool withDealer, MessageChannel channel, CorrelatedOtSender transfers, GarblingSession garbling)
    {
        channel.BeginReceive(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ClientTreeBytes(program, withDealer));
        transfers.ReceiveSetup(channel);
        CorrelatedOtReceiver? choices = program.NeedsChoices(withDealer) ? transfers.Reverse(channel, new TransferHash(garbling, CorrelatedOt.BaseCount)) : null;
        channel.EndReceive();
        return choices;
    }

    private static void SendTrees(MessageChannel channel, CorrelatedOtReceiver choices)
    {
        channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerTreeBytes);
        choices.SendSetup(channel);
        channel.EndSend();
    }

    public RlwePublicKey PublicKey(RlweSettings settings) => _publicKeys[(settings.Degree, settings.PrimeCount)];

    /// <summary>A fresh uniform share of a tensor.</summary>
    public ulong[] RandomShare(int count)
    {
        ulong[] share = new ulong[count];
        Random.FillRing(share, _ringBits);
        return share;
    }

    private static RlwePublicKey ReadKey(MessageChannel channel, RlweParameters parameters)
    {
        byte[] bytes = new byte[parameters.PublicKeyBytes];
        channel.Receive(bytes);
        return RlwePublicKey.Read(bytes, parameters);
    }
}
