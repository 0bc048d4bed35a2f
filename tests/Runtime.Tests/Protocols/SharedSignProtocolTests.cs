using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
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

    private static ulong[] Execute(int ringBits, int decisionBits, int[] groups, ulong[] decisions, ulong[] input, Random random)
    {
        Ring ring = new(ringBits);
        SharedSignProtocol protocol = Protocol(ringBits, decisionBits, groups, decisions.Length);
        Assert.Equal(groups.Distinct().Count(), protocol.Groups.Decisions);
        (ulong[] clientDecisions, ulong[] serverDecisions) = Share(decisions, ring, random);
        (ulong[] clientInput, ulong[] serverInput) = Share(input, ring, random);
        ulong[] clientOutput = [.. groups.Select(_ => Uniform(random, ring))], serverOutput = new ulong[groups.Length];

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
                client.SendTransfers(channel, transferReceiver, clientDecisions);
                client.ReceiveTables(channel, clientSession, choiceSender);
                client.SendCorrections(channel, clientInput, clientOutput);
                client.Run(channel);
                Assert.Equal([protocol.Transfers, protocol.Tables, protocol.Corrections, protocol.Labels, protocol.Shares], channel.Meter.Messages);
                Assert.Throws<ObjectDisposedException>(() => client.Run(Replay(protocol)));
            },
            wire =>
            {
                MessageChannel channel = new(wire, Party.Server, Party.Client);
                HalfGatesGarbler garbler = new(session, delta);
                using SharedSignServer server = new(protocol);
                server.ReceiveTransfers(channel, transferSender);
                server.SendTables(channel, garbler, choiceReceiver);
                server.ReceiveCorrections(channel);
                server.Run(channel, garbler, serverDecisions, serverInput, serverOutput);
                Assert.Throws<ObjectDisposedException>(() => server.Run(channel, garbler, serverDecisions, serverInput, serverOutput));
            });

        // Both have used the same tweaks, so that the next step's are in step.
        Assert.Equal(session.Reserve(0), clientSession.Reserve(0));
        ring.Add(clientOutput, serverOutput, serverOutput);
        return serverOutput;
    }

    private static SharedSignProtocol Protocol(int ringBits, int decisionBits, int[] groups, int places)
    {
        PlanValue Value(int count) => new() { Name = "v", Shape = [count], Scale = 1, Bits = 1, Minimum = 0, Maximum = 0 };
        SharedSignStep step = new() { Name = "share", Input = 0, Decision = 1, Output = 2, DecisionBits = decisionBits, Groups = IndexMap.Of(groups) };
        ExecutionPlan plan = new()
        {
            Name = "plan",
            Backend = "gc",
            RingBits = ringBits,
            Values = [Value(groups.Length), Value(places), Value(groups.Length)],
            Steps = [step],
            WeightsDigest = ImmutableArray<byte>.Empty,
        };
        return new SharedSignProtocol(2, step, plan);
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
