using System.Security.Cryptography;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Over many runs on one fixed input, what a party sees of it is uniform.</summary>
public sealed class MaskingTests
{
    private const int Runs = 200;
    private const int Bits = SecretPlan.RingBits;
    private const ulong Modulus = 1UL << Bits;
    private const int PolynomialAt = 1;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Masked_inputs_shares_and_colours_are_uniform_over_runs_on_one_input(bool noisy)
    {
        PlanStep[] steps = [.. SecretPlan.Plan.Steps.Select(s => s is SharedSignStep shared && noisy ? shared with { Noise = new DecisionNoise(3, 1) } : s)];
        using SessionPair pair = SessionPair.Open(SecretPlan.Plan with { Steps = [.. steps] }, SecretPlan.Weights);
        for (int run = 0; run < Runs; run++)
            pair.Client.Infer(SecretPlan.Input);
        byte[] client = pair.ClientTranscript, server = pair.ServerTranscript;

        // The server sees x − r. It opens y − r', its share of the last garbled step, to the client, which knows r'.
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(client, MessageKind.Infer, 0), SecretPlan.Plan.Values[0].Count), Bits));
        int outputs = SecretPlan.Plan.Values[SecretPlan.OutputStep].Count;
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(server, MessageKind.Step, SecretPlan.OutputStep), outputs), Bits));

        // The client evaluates to colours that it cannot decode, on labels that it cannot tell apart.
        List<byte[]> colors = Transcript.Online(client, MessageKind.Step, SecretPlan.ReluStep);
        Assert.Null(Uniformity.Objection(Words(colors, outputs), Bits));
        List<byte[]> labels = Transcript.Online(server, MessageKind.Step, SecretPlan.ReluStep);
        Assert.Null(Uniformity.Objection([.. labels.Select(l => PackedWords(l[..1024]))], 64));

        // A shared decision: four circuits' labels, then the server's correction τ; the client's correction δ; and offline,
        // the client's corrections and the server's choices.
        List<byte[]> shared = Transcript.Online(server, MessageKind.Step, SecretPlan.SharedSignStep);
        int labelBytes = 4 * 24 * 16;
        Assert.Null(Uniformity.Objection([.. shared.Select(l => PackedWords(l[..labelBytes]))], 64));
        Assert.Null(Uniformity.Objection(Words([.. shared.Select(l => l[labelBytes..])], outputs), Bits));
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(client, MessageKind.Step, SecretPlan.SharedSignStep), outputs), Bits));
        List<byte[]> corrections = [.. Transcript.Offline(client, SecretPlan.SharedSignStep).Where((_, i) => i % 2 == 1)];
        Assert.Null(Uniformity.Objection(Words(corrections, outputs), Bits));
        List<byte[]> tables = Transcript.Offline(server, SecretPlan.SharedSignStep);
        Assert.Null(Uniformity.Objection([.. tables.Select(PackedWords)], 64));
    }

    [Fact]
    public void What_a_polynomial_opens_answers_and_corrects_is_uniform_over_runs_on_one_input()
    {
        ModelWeights none = new() { Tensors = [] };
        using SessionPair pair = SessionPair.Open(PolynomialPlan(none), none);
        for (int run = 0; run < Runs; run++)
            pair.Client.Infer(SecretPlan.Input);
        byte[] client = pair.ClientTranscript, server = pair.ServerTranscript;

        // Online δ = s − t and y − r; offline choices from the client in two exchanges, from the server an extension and corrections.
        int count = SecretPlan.Input.Length;
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(server, MessageKind.Step, PolynomialAt), count), Bits));
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(client, MessageKind.Step, PolynomialAt), count), Bits));
        RequireUniform(Transcript.Offline(client, PolynomialAt), perRun: 2);
        RequireUniform(Transcript.Offline(server, PolynomialAt), perRun: 3);
    }

    [Fact]
    public void What_a_dealer_and_its_client_give_the_server_is_uniform_over_runs_on_one_input()
    {
        using SessionPair pair = SessionPair.OpenDealt(SecretPlan.Plan, SecretPlan.Weights);
        for (int run = 0; run < Runs; run++)
            pair.Client.Infer(SecretPlan.Input);

        // z = A·c − k, v = D·c + k − c′, and the server's share of the product, their sum.
        int outputs = SecretPlan.Plan.Values[1].Count;
        List<ulong[]> corrections = Words(Transcript.Offline(pair.DealerTranscript, SecretPlan.LinearStep), outputs);
        List<ulong[]> answers = Words(Transcript.Offline(pair.ClientTranscript, SecretPlan.LinearStep), outputs);
        Assert.Null(Uniformity.Objection(corrections, Bits));
        Assert.Null(Uniformity.Objection(answers, Bits));
        Assert.Null(Uniformity.Objection([.. corrections.Zip(answers, (z, v) => z.Zip(v, (a, b) => (a + b) % Modulus).ToArray())], Bits));
    }

    [Fact]
    public void Weights_that_are_opened_to_the_client_of_a_dealer_are_uniform_over_sessions()
    {
        ServerModel model = new(SecretPlan.Plan, SecretPlan.Weights);
        ulong[][] opened = [.. Enumerable.Range(0, Runs).Select(_ =>
        {
            using InMemoryDealer dealer = new(SecretPlan.Plan);
            DealtProgram program = new(model.Program);
            DealerTicket ticket = DealerTicket.Create();
            using MessageChannel client = dealer.ConnectClient();
            DealerHandshake.Introduce(client, Party.Client, model.Program.Hash.AsSpan(), ticket);
            using ServerDeal deal = ServerDeal.Join(program, dealer.ConnectServer(), ticket, audit: true);
            (MemoryChannel server, MemoryChannel _) = MemoryChannel.CreatePair();
            using RecordingChannel recording = new(server);
            deal.SendDifferences(new MessageChannel(recording, Party.Server, Party.Client), model);
            ulong[] words = new ulong[SecretPlan.Weights.Tensors[0].Elements.Length];
            PackedBits.Unpack(recording.Sent.AsSpan(MessageHeader.Size), Bits, words);
            return words;
        })];
        Assert.Null(Uniformity.Objection(opened, Bits));
    }

    [Fact]
    public void What_a_dealer_gives_a_server_of_a_polynomial_is_uniform_over_runs_on_one_input()
    {
        ModelWeights none = new() { Tensors = [] };
        using SessionPair pair = SessionPair.OpenDealt(PolynomialPlan(none), none);
        for (int run = 0; run < Runs; run++)
            pair.Client.Infer(SecretPlan.Input);
        int count = SecretPlan.Input.Length;
        Assert.Null(Uniformity.Objection(Words(Transcript.Offline(pair.DealerTranscript, PolynomialAt), 2 * count), Bits));
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(pair.ServerTranscript, MessageKind.Step, PolynomialAt), count), Bits));
        Assert.Null(Uniformity.Objection(Words(Transcript.Online(pair.ClientTranscript, MessageKind.Step, PolynomialAt), count), Bits));
    }

    [Fact]
    public void What_a_polynomial_with_divisions_shows_is_uniform_over_runs_on_one_input()
    {
        ModelWeights none = new() { Tensors = [] };
        ExecutionPlan plan = PolynomialPlan(none);
        PolynomialStep step = (PolynomialStep)plan.Steps[PolynomialAt] with { InputShift = 3, OutputShift = 8 };
        plan = plan with { Values = [plan.Values[0], .. plan.Values.Skip(1).Select(v => v with { Bits = 12, Minimum = 0, Maximum = 0 })], Steps = plan.Steps.SetItem(PolynomialAt, step) };
        using SessionPair pair = SessionPair.Open(plan, none);
        for (int run = 0; run < Runs; run++)
            pair.Client.Infer(SecretPlan.Input);
        byte[] client = pair.ClientTranscript, server = pair.ServerTranscript;

        // The server shows β and β', a bit each, then δ; the client y − r, then α.
        int count = SecretPlan.Input.Length, words = PackedBits.ByteCount(count * Bits), bits = PackedBits.ByteCount(count);
        List<byte[]> opened = Transcript.Online(server, MessageKind.Step, PolynomialAt), answers = Transcript.Online(client, MessageKind.Step, PolynomialAt);
        Assert.Null(Uniformity.Objection(Words([.. opened.Select(m => m[(2 * bits)..])], count), Bits));
        Assert.Null(Uniformity.Objection(Words([.. opened.Select(m => m[..bits])], count, 1), 1));
        Assert.Null(Uniformity.Objection(Words([.. opened.Select(m => m[bits..(2 * bits)])], count, 1), 1));
        Assert.Null(Uniformity.Objection(Words([.. answers.Select(m => m[..words])], count), Bits));
        Assert.Null(Uniformity.Objection(Words([.. answers.Select(m => m[words..])], count, 1), 1));

        // Offline from the client: an extension, signs, choices of two exchanges, corrections, a byte of which is not full; from the
        // server an extension, two corrections, and corrections with choices.
        int padded = step.Degree * step.InputShift * count / 8;
        List<byte[]> sent = [.. Transcript.Offline(client, PolynomialAt).Select((m, i) => i % 5 == 4 ? m.Where((_, at) => at != padded).ToArray() : m)];
        RequireUniform(sent, perRun: 5);
        RequireUniform(Transcript.Offline(server, PolynomialAt), perRun: 4);
    }

    [Fact]
    public void The_test_accepts_uniform_words()
        => Assert.Null(Uniformity.Objection(Mask((x, _, fresh) => x + fresh), Bits));

    [Fact]
    public void The_test_detects_words_without_a_mask()
        => Assert.NotNull(Uniformity.Objection(Mask((x, _, _) => x), Bits));

    [Fact]
    public void The_test_detects_a_mask_that_is_used_in_every_run()
    {
        ulong[] mask = Fresh();
        Assert.NotNull(Uniformity.Objection(Mask((x, i, _) => x + mask[i]), Bits));
    }

    [Fact]
    public void The_test_detects_a_mask_that_is_used_twice()
    {
        ulong[][] masks = [.. Enumerable.Range(0, Runs / 2).Select(_ => Fresh())];
        ulong[][] runs = [.. Enumerable.Range(0, Runs).Select(run => Input().Select((x, i) => (x + masks[run / 2][i]) % Modulus).ToArray())];
        Assert.NotNull(Uniformity.Objection(runs, Bits));
    }

    [Fact]
    public void The_test_detects_one_mask_for_all_words()
    {
        ulong[][] runs = [.. Enumerable.Range(0, Runs).Select(_ =>
        {
            ulong mask = Fresh()[0];
            return Input().Select(x => (x + mask) % Modulus).ToArray();
        })];
        Assert.NotNull(Uniformity.Objection(runs, Bits));
    }

    [Fact]
    public void The_test_detects_a_mask_that_is_a_bit_short()
        => Assert.NotNull(Uniformity.Objection(Mask((x, _, fresh) => x + (fresh / 2)), Bits));

    /// <summary>The secret input's cube, among others: 3x³ − 5x² + 7x + 11, modulo the ring.</summary>
    private static ExecutionPlan PolynomialPlan(ModelWeights weights)
    {
        PlanValue input = SecretPlan.Plan.Values[0], output = input with { Name = "y", Bits = Bits, Scale = Math.Pow(SecretPlan.InputScale, 3) };
        return SecretPlan.Plan with
        {
            Values = [input, output, output with { Name = "opened" }],
            Steps =
            [
                new InputStep { Name = "x", Output = 0 },
                new PolynomialStep { Name = "y", Output = PolynomialAt, Input = 0, Degree = 3, Inner = input.Count, Coefficients = [11, 7, -5, 3] },
                new OutputStep { Name = "opened", Output = 2, Input = PolynomialAt },
            ],
            WeightsDigest = WeightsSerializer.Digest(weights),
        };
    }

    // Each message's bytes over all runs, but for the last, which may not be full.
    private static void RequireUniform(List<byte[]> messages, int perRun)
    {
        Assert.Equal(Runs * perRun, messages.Count);
        for (int message = 0; message < perRun; message++)
            Assert.Null(Uniformity.Objection([.. messages.Where((_, i) => i % perRun == message).Select(m => m[..^1].Select(b => (ulong)b).ToArray())], 8));
    }

    private static ulong[][] Mask(Func<ulong, int, ulong, ulong> mask) =>
    [
        .. Enumerable.Range(0, Runs).Select(_ =>
        {
            ulong[] fresh = Fresh();
            return Input().Select((x, i) => mask(x, i, fresh[i]) % Modulus).ToArray();
        }),
    ];

    private static ulong[] Input()
    {
        PlanValue value = SecretPlan.Plan.Values[0];
        ulong[] words = new ulong[value.Count];
        FixedPointEncoding.Encode(value, new Ring(Bits), SecretPlan.Input, words);
        return words;
    }

    private static ulong[] Fresh()
        => [.. PackedWords(RandomNumberGenerator.GetBytes(8 * SecretPlan.Input.Length)).Select(w => w % Modulus)];

    private static ulong[] PackedWords(byte[] bytes) => [.. bytes.Chunk(8).Select(b => BitConverter.ToUInt64(b))];

    private static List<ulong[]> Words(List<byte[]> payloads, int count, int bits = Bits)
    {
        Assert.Equal(Runs, payloads.Count);
        return [.. payloads.Select(payload =>
        {
            ulong[] words = new ulong[count];
            PackedBits.Unpack(payload, bits, words);
            return words;
        })];
    }
}
