using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.ObliviousTransfer;

public sealed class SilentOtTests
{
    [Fact]
    public void Several_extensions_have_the_correlation_fresh_labels_and_the_stated_bytes()
    {
        int[] sizes = [1, 1000, 100_003];
        Block[][] k = [.. sizes.Select(size => new Block[size])];
        Block[][] m = [.. sizes.Select(size => new Block[size])];
        Block delta = Run(LpnParameters.Depth10, k, m);
        for (int run = 0; run < sizes.Length; run++)
            AssertCorrelated(delta, k[run], m[run]);

        Block[] all = [.. k.SelectMany(run => run)];
        Assert.Equal(all.Length, all.Select(OtParties.Words).Distinct().Count());
    }

    [Fact]
    public void An_intermediate_extension_starts_the_larger_parameters()
    {
        Block[][] k = [new Block[5000], new Block[3000]], m = [new Block[5000], new Block[3000]];
        Block delta = Run(LpnParameters.Depth11, k, m);
        AssertCorrelated(delta, k[0], m[0]);
        AssertCorrelated(delta, k[1], m[1]);
    }

    [Fact]
    public void A_call_beyond_the_capacity_takes_several_extensions()
    {
        LpnParameters parameters = LpnParameters.Depth10;
        Block[] k = new Block[parameters.Capacity + 77], m = new Block[k.Length];
        AssertCorrelated(Run(parameters, [k], [m]), k, m);
    }

    [Fact]
    public void Choices_and_labels_have_balanced_bits()
    {
        Block[] k = new Block[1 << 16], m = new Block[k.Length];
        Run(LpnParameters.Depth10, [k], [m]);
        long choices = m.Sum(label => (long)label.LeastSignificantBit);
        long ones = k.Sum(label => (long)BitOperations.PopCount(label.Low) + BitOperations.PopCount(label.High));
        Assert.InRange(choices, 32_768 - 1_280, 32_768 + 1_280); // 10 standard deviations
        Assert.InRange(ones, (127L << 15) - 14_500, (127L << 15) + 14_500);
        Assert.InRange(m.Zip(m.Skip(1), (a, b) => (long)(a.LeastSignificantBit ^ b.LeastSignificantBit)).Sum(), 31_488, 34_048);
    }

    [Fact]
    public void Trees_and_code_are_the_same_without_AES_instructions()
    {
        Block[] expected = ExpandTree(), actual;
        Aes128.PreferPortable = true;
        try
        {
            actual = ExpandTree();
        }
        finally
        {
            Aes128.PreferPortable = false;
        }

        Assert.Equal(expected.Select(OtParties.Words), actual.Select(OtParties.Words));

        static Block[] ExpandTree()
        {
            AesKey key = AesKey.Expand(new Block(1, 2));
            Block[] leaves = new Block[64];
            CorrelatedTree.Expand(in key, new Block(3, 4), new Block(5, 6), leaves, new Block[6]);
            new LpnCode(new Block(7, 8), 5).AddRows(leaves.AsSpan(0, 32), leaves.AsSpan(32));
            return leaves;
        }
    }

    [Fact]
    public void Parameters_keep_128_bits_and_their_arithmetic()
    {
        Assert.Equal(
            [(850, 10, 16), (1170, 11, 17), (1520, 12, 18), (1900, 13, 19)],
            LpnParameters.All.Select(p => (p.Trees, p.Depth, p.LogDimension)));
        foreach (LpnParameters p in LpnParameters.All)
        {
            Assert.InRange(p.GaussianEliminationBits, 128, 160);
            Assert.Equal(p.Length, p.Trees * p.Leaves);
            Assert.Equal(p.ReserveCount, p.Dimension + (p.Trees * p.Depth));
            Assert.True(p.Capacity > 5 * p.ReserveCount);
        }

        Assert.Equal(
            [139.6, 141.7, 144.2, 146.8], // what the estimator that LpnParameters names prints
            LpnParameters.All.Select(p => p.GaussianEliminationBits),
            (a, b) => Math.Abs(a - b) < 0.05);
    }

    [Fact]
    public void Bytes_follow_from_public_sizes_alone()
    {
        LpnParameters p = LpnParameters.Depth11;
        Assert.Equal(0, SilentOt.SenderBytes(p, 0));
        Assert.Equal(16L * 11 * ((p.ReserveCount + 1 + 2047) / 2048), SilentOt.SenderBytes(p, 1));
        Assert.Equal(16L * 11 * 1170, SilentOt.SenderBytes(p, p.Capacity));
        Assert.Equal(SilentOt.SenderBytes(p, p.Capacity) + SilentOt.SenderBytes(p, 1), SilentOt.SenderBytes(p, p.Capacity + 1));
        Assert.All(LpnParameters.All.Skip(1), set => Assert.InRange(SilentOt.SenderBytes(set, 10_000_000), 1, 1_000_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => SilentOt.SenderBytes(p, -1));
        Assert.Equal([.. LpnParameters.All.Take(3)], new[] { 1L, 1 << 20, 1 << 23 }.Select(SilentOt.ParametersFor));
        Assert.All(LpnParameters.All, set => Assert.InRange(SilentOt.ReceiverSetupBytes(set), 250_000, 300_000));
        Assert.All(LpnParameters.All, set => Assert.InRange(SilentOt.WorkingBytes(set), 1, 18_000_000));
    }

    [Fact]
    public void Metered_messages_are_the_predicted_ones()
    {
        LpnParameters parameters = LpnParameters.Depth10;
        Block[] k = new Block[4000], m = new Block[4000];
        byte[] choices = new byte[500], corrections = new byte[500];
        PlannedMessage[] predicted =
        [
            PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, Party.Client, SilentOt.ReceiverSetupBytes(parameters)),
            PlannedMessage.Create(PlannedMessage.Session, Phase.Offline, Party.Server, SilentOt.SenderSetupBytes(parameters)),
            PlannedMessage.Create(3, Phase.Offline, Party.Server, SilentOt.SenderBytes(parameters, k.Length)),
            PlannedMessage.Create(3, Phase.Online, Party.Client, ChosenChoice.ReceiverBytes(k.Length)),
        ];
        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender baseSender, CorrelatedOtReceiver baseReceiver) = OtParties.Correlated(delta);
        choices.AsSpan().Fill(0b0110_1001);
        OtParties.Run(
            channel =>
            {
                var server = new MessageChannel(channel, Party.Server, Party.Client);
                var sender = new SilentOtSender(parameters, delta);
                Receive(server, predicted[0], () => sender.ReceiveSetup(server, baseSender));
                Send(server, predicted[1], () => sender.SendSetup(server));
                Send(server, predicted[2], () => sender.Extend(server, k));
                Receive(server, predicted[3], () => server.Receive(corrections));
                ChosenChoice.Apply(delta, corrections, k);
                Assert.Equal(predicted, server.Meter.Messages);
            },
            channel =>
            {
                var client = new MessageChannel(channel, Party.Client, Party.Server);
                var receiver = new SilentOtReceiver(parameters);
                byte[] request = new byte[ChosenChoice.ReceiverBytes(m.Length)];
                Send(client, predicted[0], () => receiver.SendSetup(client, baseReceiver));
                Receive(client, predicted[1], () => receiver.ReceiveSetup(client));
                Receive(client, predicted[2], () => receiver.Extend(client, m));
                ChosenChoice.Request(m, choices, request);
                Send(client, predicted[3], () => client.Send(request));
                Assert.Equal(predicted, client.Meter.Messages);
            });
        Assert.All(Enumerable.Range(0, k.Length), i =>
            Assert.Equal(OtParties.Words(k[i] ^ (delta & Block.Mask(OtParties.Bit(choices, i) ? 1UL : 0))), OtParties.Words(m[i])));

        static void Send(MessageChannel channel, PlannedMessage message, Action body)
        {
            channel.BeginSend(MessageKind.Step, message);
            body();
            channel.EndSend();
        }

        static void Receive(MessageChannel channel, PlannedMessage message, Action body)
        {
            channel.BeginReceive(MessageKind.Step, message);
            body();
            channel.EndReceive();
        }
    }

    [Fact]
    public void A_truncated_message_is_refused_and_ends_the_use_of_its_correlations()
    {
        (SilentOtSender sender, SilentOtReceiver receiver) = Parties(LpnParameters.Depth10);
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send(new byte[SilentOt.SenderBytes(LpnParameters.Depth10, 10) - 1]);
        first.Dispose();
        Assert.Throws<PeerProtocolException>(() => receiver.Extend(second, new Block[10]));
        (_, MemoryChannel unused) = MemoryChannel.CreatePair();
        Assert.Throws<InvalidOperationException>(() => receiver.Extend(unused, new Block[10]));

        Assert.Throws<PeerProtocolException>(() => sender.Extend(first, new Block[10]));
        Assert.Throws<InvalidOperationException>(() => sender.Extend(unused, new Block[10]));
    }

    [Fact]
    public void Steps_out_of_order_and_an_even_delta_are_refused()
    {
        (_, MemoryChannel channel) = MemoryChannel.CreatePair();
        var sender = new SilentOtSender(LpnParameters.Depth10, new Block(1, 0));
        var receiver = new SilentOtReceiver(LpnParameters.Depth10);
        Assert.Throws<InvalidOperationException>(() => sender.SendSetup(channel));
        Assert.Throws<InvalidOperationException>(() => receiver.ReceiveSetup(channel));
        Assert.Throws<InvalidOperationException>(() => sender.Extend(channel, new Block[1]));
        Assert.Throws<InvalidOperationException>(() => receiver.Extend(channel, new Block[1]));
        Assert.Throws<ArgumentException>(() => new SilentOtSender(LpnParameters.Depth10, new Block(2, 0)));
    }

    private static (SilentOtSender Sender, SilentOtReceiver Receiver) Parties(LpnParameters parameters)
    {
        Block delta = CorrelatedOtSender.CreateDelta();
        (CorrelatedOtSender baseSender, CorrelatedOtReceiver baseReceiver) = OtParties.Correlated(delta);
        var sender = new SilentOtSender(parameters, delta);
        var receiver = new SilentOtReceiver(parameters);
        OtParties.Run(
            channel =>
            {
                sender.ReceiveSetup(channel, baseSender);
                var recording = new RecordingChannel(channel);
                sender.SendSetup(recording);
                Assert.Equal(SilentOt.SenderSetupBytes(parameters), recording.Sent.Count);
            },
            channel =>
            {
                var recording = new RecordingChannel(channel);
                receiver.SendSetup(recording, baseReceiver);
                Assert.Equal(SilentOt.ReceiverSetupBytes(parameters), recording.Sent.Count);
                receiver.ReceiveSetup(channel);
            });
        return (sender, receiver);
    }

    private static Block Run(LpnParameters parameters, Block[][] k, Block[][] m)
    {
        (SilentOtSender sender, SilentOtReceiver receiver) = Parties(parameters);
        OtParties.Run(
            channel =>
            {
                foreach (Block[] run in k)
                {
                    var recording = new RecordingChannel(channel);
                    sender.Extend(recording, run);
                    Assert.Equal(SilentOt.SenderBytes(parameters, run.Length), recording.Sent.Count);
                    Assert.Equal(0, recording.Received);
                }
            },
            channel =>
            {
                foreach (Block[] run in m)
                    receiver.Extend(channel, run);
            });
        return sender.Delta;
    }

    private static void AssertCorrelated(Block delta, Block[] k, Block[] m)
    {
        int wrong = 0;
        for (int i = 0; i < k.Length; i++)
        {
            Block expected = k[i] ^ (delta & Block.Mask(m[i].LeastSignificantBit));
            wrong += OtParties.Words(expected) == OtParties.Words(m[i]) && k[i].LeastSignificantBit == 0 ? 0 : 1;
        }

        Assert.Equal(0, wrong);
    }
}
