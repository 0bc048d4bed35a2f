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
    private readonly ImmutableDictionary<(int Degree, int PrimeCount), RlwePublicKey> _publicKeys;

    private ServerKeys(TwoPartyProgram program, ImmutableArray<RlwePublicKey> publicKeys, CorrelatedOtSender transfers, GarblingSession garbling)
    {
        _ringBits = program.Ring.Bits;
        _publicKeys = program.KeySets.Zip(publicKeys).ToImmutableDictionary(p => p.First, p => p.Second);
        Transfers = transfers;
        Garbler = new HalfGatesGarbler(garbling, transfers.Delta);
    }

    public CorrelatedOtSender Transfers { get; }

    public HalfGatesGarbler Garbler { get; }

    /// <summary>The session's generator: output masks, re-randomisation, flooding noise.</summary>
    public AesCtrGenerator Random { get; } = SecureRandom.CreateGenerator();

    /// <summary>Exchanges the setup messages. The base transfers' choices are the bits of the garbling offset Δ.</summary>
    /// <exception cref="PeerProtocolException">A key or a point is not valid.</exception>
    public static ServerKeys Agree(TwoPartyProgram program, MessageChannel channel)
    {
        BaseOtReceiver baseOt = new();
        channel.BeginReceive(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ClientBytes(program));
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
        return new ServerKeys(program, publicKeys, new CorrelatedOtSender(delta, keys), garbling);
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
