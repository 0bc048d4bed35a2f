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
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Protocols;

public sealed class NonLinearProtocolTests
{
    private static readonly ExecutionPlan s_plan = SamplePlans.EveryStep;
    private static readonly Ring s_ring = new(s_plan.RingBits);

    [Theory]
    [InlineData("relu")]
    [InlineData("clip")]
    public void Shares_of_the_output_add_up_to_the_function_of_the_inputs_shares(string name)
    {
        int index = s_plan.Steps.Select((s, i) => s.Name == name ? i : -1).Max();
        NonLinearStep step = (NonLinearStep)s_plan.Steps[index];
        NonLinearProtocol protocol = new(index, step, s_plan);
        Random random = new(9);
        ulong[] input = Uniform(random, s_plan.Values[step.Input].Count);
        ulong[] clientInput = Uniform(random, input.Length), serverInput = new ulong[input.Length];
        s_ring.Subtract(input, clientInput, serverInput);
        ulong[] clientOutput = Uniform(random, s_plan.Values[step.Output].Count), serverOutput = new ulong[clientOutput.Length];

        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(delta);
        GarblingSession session = GarblingSession.Create();
        GarblingSession clientSession = new(session.StartPoint);
        OtParties.Run(
            wire =>
            {
                MessageChannel client = new(wire, Party.Client, Party.Server);
                EvaluatorMaterial material = protocol.SendTransfers(client, receiver, clientInput, clientOutput);
                protocol.ReceiveTables(client, clientSession, material);
                OnlineWaves.Run([protocol.RunClient(client, material)]);
                Assert.Throws<ObjectDisposedException>(() => OnlineWaves.Run([protocol.RunClient(Replay(protocol), material)]));
                Assert.Equal([protocol.Transfers, protocol.Tables, protocol.Labels, protocol.Colors], client.Meter.Messages);
            },
            wire =>
            {
                MessageChannel server = new(wire, Party.Server, Party.Client);
                HalfGatesGarbler garbler = new(session, delta);
                using PooledBlocks zeroLabels = protocol.ReceiveTransfers(server, sender);
                GarblerMaterial material = protocol.SendTables(server, garbler, zeroLabels.Span);
                OnlineWaves.Run([protocol.RunServer(server, garbler, material, serverInput, serverOutput)]);
            });

        ulong[] output = new ulong[clientOutput.Length];
        s_ring.Add(clientOutput, serverOutput, output);
        Assert.Equal(Expected(step, input), output.Select(s_ring.ToSigned));
    }

    private static ulong[] Uniform(Random random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(1L << s_plan.RingBits))];

    private static IEnumerable<long> Expected(NonLinearStep step, ulong[] input)
    {
        long[] elements = [.. input.Select(x => Ring.ToSigned(x, step.InputBits))];
        if (step.Pool is { } pool)
        {
            long[] pooled = new long[pool.OutputCount];
            RingPooling.Max(pool, elements, pooled);
            elements = pooled;
        }

        return elements.Select(x => step.Activation == Activation.Relu ? Math.Max(x >> step.Shift, 0) : Math.Clamp(x >> step.Shift, step.Lower, step.Upper));
    }

    // A server that would send the labels of a second evaluation.
    private static MessageChannel Replay(NonLinearProtocol protocol)
    {
        (MemoryChannel near, MemoryChannel far) = MemoryChannel.CreatePair();
        MessageChannel server = new(far, Party.Server, Party.Client);
        server.BeginSend(MessageKind.Step, protocol.Labels);
        server.Send(new byte[protocol.Labels.Cost.Bytes - MessageHeader.Size]);
        server.EndSend();
        return new MessageChannel(near, Party.Client, Party.Server);
    }
}
