using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.TwoParty;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Tests.ObliviousTransfer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Protocols;

public sealed class SharedSignProtocolTests
{
    /// <summary>Ring bits, decision bits, and the decision of each element.</summary>
    public static TheoryData<int, int, int[]> Cases => new()
    {
        { 37, 37, [0] },
        { 37, 20, [0, 0, 0, 0, 1, 1, 1, 1] },
        { 2, 1, [0, 1, 2, 1, 0] },
        { 64, 64, [3, 1, 3, 3, 1, 0, 9] },
        { 64, 33, [.. Enumerable.Range(0, 200)] },
        { 41, 29, [.. Enumerable.Range(0, 1000).Select(i => i * i % 37)] },
        { 30, 7, [.. Enumerable.Range(0, 300).Select(i => i < 150 ? 5 : i)] },
        { 17, 17, [.. Enumerable.Range(0, 33).Select(i => 40 - i)] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shares_of_the_output_add_up_to_the_elements_whose_decision_is_not_negative(int ringBits, int decisionBits, int[] groups)
    {
        Ring ring = new(ringBits);
        Random random = new(groups.Length);
        for (int trial = 0; trial < 3; trial++)
        {
            int places = groups.Max() + 2;
            ulong[] decisions = [.. Enumerable.Range(0, places).Select(i => trial == 0 ? Edge(i, decisionBits) & ring.Mask : Uniform(random, ring))];
            ulong[] input = [.. groups.Select((_, i) => trial == 0 ? Edge(i, ringBits) : Uniform(random, ring))];
            ulong[] output = Execute(ringBits, decisionBits, groups, decisions, input, random);
            Assert.Equal(groups.Select((g, i) => Ring.ToSigned(decisions[g], decisionBits) >= 0 ? input[i] : 0), output);
        }
    }

    [Theory]
    [InlineData(37, 20, 2)]
    [InlineData(64, 64, 1)]
    public void Turned_elements_get_the_opposite_decision_for_no_byte(int ringBits, int decisionBits, int shared)
    {
        int[] groups = [.. Enumerable.Range(0, 50).Select(i => i / shared)];
        Ring ring = new(ringBits);
        Random random = new(ringBits);
        ulong[] decisions = [.. groups.Select(_ => Uniform(random, ring))], input = [.. groups.Select(_ => Uniform(random, ring))];
        byte[] turned = [0x53, 0xFF, 0x00, 0xA7, 0x10, 0x81, 0x02];
        SharedSignStep step = Step(decisionBits, groups) with { Turned = [.. turned] };
        SharedSignProtocol protocol = Protocol(ringBits, step, decisions.Length), plain = Protocol(ringBits, Step(decisionBits, groups), decisions.Length);
        ulong[] output = Execute(protocol, decisions, input, random, new Coins());
        Assert.Equal(groups.Select((g, i) => (Ring.ToSigned(decisions[g], decisionBits) >= 0) ^ IsSet(turned, i) ? input[i] : 0), output);
        Assert.Equal([plain.Transfers, plain.Tables, plain.Corrections], [protocol.Transfers, protocol.Tables, protocol.Corrections]);
    }

    [Theory]
    [InlineData(30, 17, 8, 51, true)]
    [InlineData(64, 33, 1, 1, false)]
    [InlineData(25, 25, 5, 24, false)]
    public void Noise_turns_the_elements_whose_words_of_both_parties_are_below_the_threshold(int ringBits, int decisionBits, int bits, int threshold, bool turn)
    {
        const int Elements = 600;
        int[] groups = [.. Enumerable.Range(0, Elements).Select(i => i / 7)];
        Ring ring = new(ringBits);
        Random random = new(bits);
        ulong[] decisions = [.. Enumerable.Range(0, 90).Select(_ => Uniform(random, ring))], input = [.. groups.Select(_ => Uniform(random, ring) | 1)];
        byte[] turned = new byte[turn ? Elements / 8 : 0];
        random.NextBytes(turned);
        SharedSignStep step = Step(decisionBits, groups) with { Turned = [.. turned], Noise = new DecisionNoise(bits, threshold) };
        Coins coins = new();
        ulong[] output = Execute(Protocol(ringBits, step, decisions.Length), decisions, input, random, coins);

        ulong[] client = coins.Words(coins.Client, Elements, bits), server = coins.Words(coins.Server, Elements, bits);
        bool[] flips = [.. client.Zip(server, (c, s) => (c ^ s) < (ulong)threshold)];
        Assert.Equal(groups.Select((g, i) => (Ring.ToSigned(decisions[g], decisionBits) >= 0) ^ (turn && IsSet(turned, i)) ^ flips[i] ? input[i] : 0), output);

        // Five standard deviations, and neither party's words say more than the threshold does.
        double expected = step.Noise.Probability, deviation = 5 * Math.Sqrt(expected * (1 - expected) / Elements);
        Assert.InRange(flips.Count(f => f) / (double)Elements, expected - deviation, expected + deviation);
        Assert.NotEqual(client, server);
    }

    [Fact]
    public void Noise_costs_its_circuit_and_a_transfer_an_element()
    {
        int[] groups = [.. Enumerable.Range(0, 256).Select(i => i / 4)];
        SharedSignProtocol plain = Protocol(32, Step(20, groups), 64), noisy = Protocol(32, Step(20, groups) with { Noise = new DecisionNoise(8, 51) }, 64);
        Assert.Equal(256 * 4 * 8, noisy.Transfers.Cost.Bytes - plain.Transfers.Cost.Bytes);
        Assert.Equal((256 * 32 * 7) + ((256 - 128) * 4), noisy.Tables.Cost.Bytes - plain.Tables.Cost.Bytes);
        Assert.Equal([plain.Corrections, plain.Labels, plain.Shares], [noisy.Corrections, noisy.Labels, noisy.Shares]);
    }

    private static ulong[] Execute(int ringBits, int decisionBits, int[] groups, ulong[] decisions, ulong[] input, Random random)
    {
        SharedSignProtocol protocol = Protocol(ringBits, Step(decisionBits, groups), decisions.Length);
        Assert.Equal(groups.Distinct().Count(), protocol.Groups.Decisions);
        return Execute(protocol, decisions, input, random, new Coins());
    }

    private static ulong[] Execute(SharedSignProtocol protocol, ulong[] decisions, ulong[] input, Random random, Coins coins)
    {
        Ring ring = protocol.Ring;
        (ulong[] clientDecisions, ulong[] serverDecisions) = Share(decisions, ring, random);
        (ulong[] clientInput, ulong[] serverInput) = Share(input, ring, random);
        ulong[] clientOutput = [.. input.Select(_ => Uniform(random, ring))], serverOutput = new ulong[input.Length];

        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender transferSender, CorrelatedOtReceiver transferReceiver) = OtParties.Correlated(delta);
        (CorrelatedOtSender choiceSender, CorrelatedOtReceiver choiceReceiver) = OtParties.Correlated(CorrelatedOtSender.CreateDelta());
        GarblingSession session = GarblingSession.Create();
        GarblingSession clientSession = new(session.StartPoint);
        OtParties.Run(
            wire =>
            {
                MessageChannel channel = new(wire, Party.Client, Party.Server);
                using SharedSignClient client = new(protocol);
                client.SendTransfers(channel, transferReceiver, clientDecisions, new AesCtrGenerator(coins.Client));
                client.ReceiveTables(channel, clientSession, choiceSender);
                client.SendCorrections(channel, clientInput, clientOutput);
                OnlineWaves.Run([client.Run(channel)]);
                Assert.Equal([protocol.Transfers, protocol.Tables, protocol.Corrections, protocol.Labels, protocol.Shares], channel.Meter.Messages);
                Assert.Throws<ObjectDisposedException>(() => OnlineWaves.Run([client.Run(Replay(protocol))]));
            },
            wire =>
            {
                MessageChannel channel = new(wire, Party.Server, Party.Client);
                HalfGatesGarbler garbler = new(session, delta);
                using SharedSignServer server = new(protocol);
                server.ReceiveTransfers(channel, transferSender, new AesCtrGenerator(coins.Server));
                server.SendTables(channel, garbler, choiceReceiver);
                server.ReceiveCorrections(channel);
                OnlineWaves.Run([server.Run(channel, garbler, serverDecisions, serverInput, serverOutput)]);
                Assert.Throws<ObjectDisposedException>(() => OnlineWaves.Run([server.Run(channel, garbler, serverDecisions, serverInput, serverOutput)]));
            });

        // Both have used the same tweaks, so that the next step's are in step.
        Assert.Equal(session.Reserve(0), clientSession.Reserve(0));
        ring.Add(clientOutput, serverOutput, serverOutput);
        return serverOutput;
    }

    private static SharedSignStep Step(int decisionBits, int[] groups)
        => new() { Name = "share", Input = 0, Decision = 1, Output = 2, DecisionBits = decisionBits, Groups = IndexMap.Of(groups) };

    private static SharedSignProtocol Protocol(int ringBits, SharedSignStep step, int places)
    {
        int elements = step.Groups.Count;
        PlanValue Value(int count) => new() { Name = "v", Shape = [count], Scale = 1, Bits = 1, Minimum = 0, Maximum = 0 };
        ExecutionPlan plan = new()
        {
            Name = "plan",
            Backend = "gc",
            RingBits = ringBits,
            Values = [Value(elements), Value(places), Value(elements)],
            Steps = [step],
            WeightsDigest = ImmutableArray<byte>.Empty,
        };
        return new SharedSignProtocol(2, step, plan);
    }

    private static bool IsSet(byte[] packed, int bit) => ((packed[bit / 8] >> (bit % 8)) & 1) == 1;

    /// <summary>The seeds of both parties' generators, and the words that they draw from them.</summary>
    private sealed class Coins
    {
        public Block Client { get; } = SecureRandom.NextBlock();

        public Block Server { get; } = SecureRandom.NextBlock();

        public ulong[] Words(Block seed, int count, int bits)
        {
            byte[] packed = new byte[PackedBits.ByteCount((long)count * bits)];
            new AesCtrGenerator(seed).Fill(packed);
            ulong[] words = new ulong[count];
            PackedBits.Unpack(packed, bits, words);
            return words;
        }
    }

    // 0, 1, −1, the largest, the smallest, and so on.
    private static ulong Edge(int index, int bits) => (index % 5) switch
    {
        0 => 0UL,
        1 => 1,
        2 => ulong.MaxValue,
        3 => (1UL << (bits - 1)) - 1,
        _ => 1UL << (bits - 1),
    } & new Ring(bits).Mask;

    private static ulong Uniform(Random random, Ring ring) => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & ring.Mask;

    private static (ulong[] Client, ulong[] Server) Share(ulong[] words, Ring ring, Random random)
    {
        ulong[] client = [.. words.Select(_ => Uniform(random, ring))], server = new ulong[words.Length];
        ring.Subtract(words, client, server);
        return (client, server);
    }

    // A server that would send the labels of a second evaluation.
    private static MessageChannel Replay(SharedSignProtocol protocol)
    {
        (MemoryChannel near, MemoryChannel far) = MemoryChannel.CreatePair();
        MessageChannel server = new(far, Party.Server, Party.Client);
        server.BeginSend(MessageKind.Step, protocol.Labels);
        server.Send(new byte[protocol.Labels.Cost.Bytes - MessageHeader.Size]);
        server.EndSend();
        return new MessageChannel(near, Party.Client, Party.Server);
    }
}
