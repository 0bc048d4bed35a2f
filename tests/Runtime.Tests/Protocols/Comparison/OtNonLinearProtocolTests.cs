using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.TwoParty.Comparison;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Tests.ObliviousTransfer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Protocols.Comparison;

public sealed class OtNonLinearProtocolTests(OtNonLinearProtocolTests.Transfers transfers) : IClassFixture<OtNonLinearProtocolTests.Transfers>
{
    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.None)]
    public void Shares_of_the_output_add_up_to_the_function_at_every_width(Activation activation)
    {
        for (int bits = 1; bits <= 60; bits += bits < 12 ? 1 : 5)
        {
            foreach (int shift in new[] { 0, 1, bits / 3, bits / 2, bits - 2, bits - 1 }.Where(s => s >= 0 && s < bits).Distinct())
            {
                int ringBits = (bits + shift) % 2 == 0 ? bits : Math.Min(64, bits + 7);
                if (activation == Activation.Relu || TruncationCircuit.CanTruncate(bits, shift, ringBits))
                    RequireEdges(bits, shift, activation, ringBits);
            }
        }
    }

    [Theory]
    [InlineData(37, 12, Activation.Relu, 37)]
    [InlineData(64, 12, Activation.Relu, 64)]
    [InlineData(64, 0, Activation.Relu, 64)]
    [InlineData(64, 63, Activation.None, 64)]
    [InlineData(2, 1, Activation.Relu, 64)]
    [InlineData(1, 0, Activation.Relu, 1)]
    [InlineData(30, 14, Activation.None, 31)]
    public void Elements_come_in_any_number(int bits, int shift, Activation activation, int ringBits)
    {
        foreach (int count in new[] { 1, 63, 64, 65, 1000 })
        {
            Random random = new(count);
            Require(bits, shift, activation, ringBits, [.. Enumerable.Range(0, count).Select(_ => Signed(random, bits))], random);
        }
    }

    [Fact]
    public void A_large_step_is_computed_in_batches()
    {
        Random random = new(5);
        OtNonLinearProtocol protocol = Protocol(37, 12, Activation.Relu, 37, 1 << 17);
        Assert.True(protocol.ServerChosen.Batches.Count() > 1);
        Require(37, 12, Activation.Relu, 37, [.. Enumerable.Range(0, 1 << 17).Select(_ => Signed(random, 37))], random);
    }

    [Fact]
    public void A_relu_of_37_bits_takes_31_bytes_online_and_less_than_60_in_all()
    {
        const int count = 1 << 17;
        TruncationCircuit circuit = new(37, 12, isRelu: true, 37);
        OtNonLinearProtocol protocol = new(0, circuit, count, SilentTransferSizes.For([((long)circuit.ServerChoices * count, (long)circuit.ClientChoices * count)]));
        long offline = new[] { protocol.ServerChoices, protocol.ClientChoices, protocol.Corrections }.Sum(m => m.Cost.Bytes);
        long online = Flights(protocol).Sum(m => m.Cost.Bytes);
        Assert.Equal(8, Flights(protocol).Count());
        Assert.InRange((double)online / count, 30.9, 31.1);
        Assert.InRange((double)(offline + online) / count, 50, 60);
    }

    [Fact]
    public void A_truncation_of_all_bits_of_the_ring_by_none_is_refused()
    {
        Assert.True(TruncationCircuit.CanTruncate(20, 0, 21));
        Assert.True(TruncationCircuit.CanTruncate(20, 1, 20));
        Assert.False(TruncationCircuit.CanTruncate(20, 0, 20));
        Assert.Throws<ArgumentException>(() => new TruncationCircuit(20, 0, isRelu: false, 20));
    }

    private void RequireEdges(int bits, int shift, Activation activation, int ringBits)
    {
        Random random = new((64 * bits) + shift);
        long limit = 1L << (bits - 1), unit = 1L << shift;
        long[] edges = [0, 1, -1, limit - 1, -limit, unit - 1, unit, -unit, unit + 1, limit - unit, 1 - limit];
        long[] input = [.. edges.Where(x => x >= -limit && x < limit), .. Enumerable.Range(0, 60).Select(_ => Signed(random, bits))];
        Require(bits, shift, activation, ringBits, input, random);
    }

    private void Require(int bits, int shift, Activation activation, int ringBits, long[] input, Random random)
    {
        Ring ring = new(ringBits);
        long[] expected = [.. input.Select(x => activation == Activation.Relu ? Math.Max(x >> shift, 0) : x >> shift)];
        ulong[] output = Execute(Protocol(bits, shift, activation, ringBits, input.Length), input, random);
        Assert.Equal(expected, output.Select(ring.ToSigned));
    }

    private ulong[] Execute(OtNonLinearProtocol protocol, long[] input, Random random)
    {
        Ring ring = protocol.Circuit.Ring;
        ulong[] clientInput = [.. input.Select((_, i) => Share(i, random) & ring.Mask)], serverInput = new ulong[input.Length];
        ring.Subtract([.. input.Select(x => (ulong)x)], clientInput, serverInput);
        ulong[] clientOutput = [.. input.Select(_ => Share(4, random) & ring.Mask)], serverOutput = new ulong[input.Length];
        GarblingSession session = GarblingSession.Create(), clientSession = new(session.StartPoint);
        OtParties.Run(
            wire =>
            {
                MessageChannel channel = new(wire, Party.Client, Party.Server);
                using OtNonLinearClient client = new(protocol);
                client.SendTransfers(channel, transfers.ClientSender, clientSession);
                client.ReceiveTransfers(channel, transfers.ClientReceiver, clientSession);
                client.SendCorrections(channel, clientInput, clientOutput);
                client.Run(channel);
                Assert.Equal([protocol.ServerChoices, protocol.ClientChoices, protocol.Corrections, .. Flights(protocol)], channel.Meter.Messages);
                Assert.Throws<ObjectDisposedException>(() => client.Run(channel));
            },
            wire =>
            {
                MessageChannel channel = new(wire, Party.Server, Party.Client);
                using OtNonLinearServer server = new(protocol);
                server.ReceiveTransfers(channel, transfers.ServerReceiver, session);
                server.SendTransfers(channel, transfers.ServerSender, session, SecureRandom.CreateGenerator());
                server.ReceiveCorrections(channel);
                server.Run(channel, serverInput, serverOutput);
                Assert.Throws<ObjectDisposedException>(() => server.Run(channel, serverInput, serverOutput));
            });

        Assert.Equal(session.Reserve(0), clientSession.Reserve(0));
        ring.Add(clientOutput, serverOutput, serverOutput);
        return serverOutput;
    }

    private static IEnumerable<PlannedMessage> Flights(OtNonLinearProtocol protocol)
        => Enumerable.Range(0, protocol.Circuit.Flights).SelectMany(i => new[] { protocol.ServerFlight(i), protocol.ClientFlight(i) });

    private static OtNonLinearProtocol Protocol(int bits, int shift, Activation activation, int ringBits, int count)
        => new(0, new TruncationCircuit(bits, shift, activation == Activation.Relu, ringBits), count, Transfers.Sizes);

    private static long Signed(Random random, int bits) => random.NextInt64(long.MinValue, long.MaxValue) >> (64 - bits);

    // Nothing, everything, one, and anything.
    private static ulong Share(int index, Random random) => (index % 7) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1,
        _ => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
    };

    /// <summary>Silent transfers both ways, set up once.</summary>
    public sealed class Transfers
    {
        public Transfers()
        {
            (ServerSender, ClientReceiver) = Create(Sizes.ClientChooses);
            (ClientSender, ServerReceiver) = Create(Sizes.ServerChooses);
        }

        internal static SilentTransferSizes Sizes { get; } = new(LpnParameters.Depth10, LpnParameters.Depth10);

        internal SilentOtSender ServerSender { get; }

        internal SilentOtReceiver ServerReceiver { get; }

        internal SilentOtSender ClientSender { get; }

        internal SilentOtReceiver ClientReceiver { get; }

        private static (SilentOtSender Sender, SilentOtReceiver Receiver) Create(LpnParameters parameters)
        {
            Block delta = CorrelatedOtSender.CreateDelta();
            (CorrelatedOtSender sender, CorrelatedOtReceiver receiver) = OtParties.Correlated(delta);
            SilentOtSender silentSender = new(parameters, delta);
            SilentOtReceiver silentReceiver = new(parameters);
            OtParties.Run(
                channel =>
                {
                    silentSender.ReceiveSetup(channel, sender);
                    silentSender.SendSetup(channel);
                },
                channel =>
                {
                    silentReceiver.SendSetup(channel, receiver);
                    silentReceiver.ReceiveSetup(channel);
                });
            return (silentSender, silentReceiver);
        }
    }
}
