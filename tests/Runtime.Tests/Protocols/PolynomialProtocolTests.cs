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

public sealed class PolynomialProtocolTests
{
    /// <summary>Ring bits, degree, channels, elements a channel, repetitions.</summary>
    public static TheoryData<int, int, int, int, int> Cases => new()
    {
        { 64, 2, 1, 1, 1 },
        { 64, 3, 3, 5, 2 },
        { 64, 4, 4, 9, 1 },
        { 37, 2, 2, 7, 3 },
        { 37, 3, 1, 33, 1 },
        { 37, 4, 5, 1, 5 },
        { 2, 2, 1, 70, 1 },
        { 2, 4, 2, 3, 1 },
        { 17, 3, 3, 4, 1 },
        { 3, 2, 1, PolynomialProtocol.MaxBatch + 5, 1 },
        { 3, 4, 2, PolynomialProtocol.MaxBatch, 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Shares_of_the_output_add_up_to_the_polynomial_of_the_input(int ringBits, int degree, int channels, int inner, int repetitions)
    {
        Ring ring = new(ringBits);
        Random random = new(ringBits + degree);
        PolynomialStep step = new()
        {
            Name = "poly",
            Input = 0,
            Output = 1,
            Degree = degree,
            Inner = inner,
            Coefficients = [.. Enumerable.Range(0, channels * (degree + 1)).Select(_ => random.NextInt64(long.MinValue, long.MaxValue))],
        };
        ulong[] input = [.. Enumerable.Range(0, channels * inner * repetitions).Select(i => i < 5 ? Edge(i, ring) : Uniform(random, ring))];
        ulong[] output = Execute(step, ring, input, random);
        Assert.Equal(input.Select((x, i) => Power(step, i, x) & ring.Mask), output);
    }

    /// <summary>Naive powers, so that neither Horner's rule nor the Taylor shift judges itself.</summary>
    private static ulong Power(PolynomialStep step, int element, ulong x)
    {
        int first = element / step.Inner % step.Channels * (step.Degree + 1);
        ulong sum = 0, power = 1;
        for (int k = 0; k <= step.Degree; k++, power *= x)
            sum += (ulong)step.Coefficients[first + k] * power;
        return sum;
    }

    private static ulong[] Execute(PolynomialStep step, Ring ring, ulong[] input, Random random)
    {
        PolynomialProtocol protocol = new(1, step, Plan(step, ring.Bits, input.Length));
        ulong[] clientInput = [.. input.Select(_ => Uniform(random, ring))], serverInput = new ulong[input.Length];
        ring.Subtract(input, clientInput, serverInput);
        ulong[] clientOutput = [.. input.Select(_ => Uniform(random, ring))], serverOutput = new ulong[input.Length];

        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(delta);
        GarblingSession session = GarblingSession.Create();
        GarblingSession clientSession = new(session.StartPoint);
        OtParties.Run(
            wire =>
            {
                MessageChannel channel = new(wire, Party.Client, Party.Server);
                using PolynomialClient client = new(protocol, clientInput, clientOutput);
                client.Prepare(channel, receiver, clientSession);
                client.Run(channel);
                Assert.Equal(Predicted(protocol), channel.Meter.Messages);
                Assert.Throws<ObjectDisposedException>(() => client.Run(channel));
            },
            wire =>
            {
                MessageChannel channel = new(wire, Party.Server, Party.Client);
                using PolynomialServer server = new(protocol);
                server.Prepare(channel, sender, session, SecureRandom.CreateGenerator());
                server.Run(channel, serverInput, serverOutput);
                Assert.Throws<ObjectDisposedException>(() => server.Run(channel, serverInput, serverOutput));
            });

        // Both have used the same tweaks, so that the next step's are in step.
        Assert.Equal(session.Reserve(0), clientSession.Reserve(0));
        ring.Add(clientOutput, serverOutput, serverOutput);
        return serverOutput;
    }

    private static IEnumerable<PlannedMessage> Predicted(PolynomialProtocol protocol) =>
    [
        .. protocol.Batches.SelectMany(batch => Enumerable.Range(0, protocol.Exchanges)
            .SelectMany(e => new[] { protocol.Transfers(batch.Count), protocol.Corrections(e, batch.Count) })),
        protocol.Opening,
        protocol.Shares,
    ];

    private static ExecutionPlan Plan(PolynomialStep step, int ringBits, int count)
    {
        PlanValue value = new() { Name = "v", Shape = [count], Scale = 1, Bits = 1, Minimum = 0, Maximum = 0 };
        return new ExecutionPlan
        {
            Name = "plan",
            Backend = "gc",
            RingBits = ringBits,
            Values = [value, value],
            Steps = [step],
            WeightsDigest = ImmutableArray<byte>.Empty,
        };
    }

    // 0, 1, −1, the largest, the smallest.
    private static ulong Edge(int index, Ring ring) => index switch
    {
        0 => 0UL,
        1 => 1,
        2 => ring.Mask,
        3 => ring.Mask >> 1,
        _ => (ring.Mask >> 1) + 1,
    };

    private static ulong Uniform(Random random, Ring ring) => (ulong)random.NextInt64(long.MinValue, long.MaxValue) & ring.Mask;
}
