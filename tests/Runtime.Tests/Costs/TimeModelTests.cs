using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Calibration;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Engine;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Runtime.Tests.Costs;

public sealed class TimeModelTests
{
    /// <summary>The plans send with every protocol, one after another and side by side, and their sessions are played twice: by the model, and by real parties.</summary>
    [Theory]
    [InlineData("lan", false)]
    [InlineData("wan", false)]
    [InlineData("mobile", false)]
    [InlineData("lan", true)]
    [InlineData("wan", true)]
    [InlineData("mobile", true)]
    public void Without_computing_the_prediction_is_the_virtual_time_of_a_real_session(string name, bool branches)
    {
        NetworkProfile network = NetworkProfile.Resolve(name);
        (ExecutionPlan plan, ModelWeights weights) = branches ? OnlineWavesTests.MixedBranches() : (SamplePlans.EveryStep, SamplePlans.Weights);
        TimeReport predicted = PlanCosts.Report(plan, HostProfile.Instant, network).Time!;
        VirtualSession measured = VirtualSession.Run(network, plan, weights);

        Assert.Equal(predicted.SetupSeconds + predicted.OfflineSeconds + predicted.OnlineSeconds, measured.Total, 1e-6);
        Assert.Equal(predicted.OnlineSeconds, measured.Online, 1e-6);
    }

    [Fact]
    public void Virtual_time_is_the_same_from_run_to_run()
    {
        VirtualSession Run() => VirtualSession.Run(NetworkProfile.Resolve("wan"), SamplePlans.EveryStep, SamplePlans.Weights);
        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void The_reference_host_has_a_time_for_every_primitive()
    {
        Assert.Equal(Enum.GetValues<Primitive>(), HostProfile.Reference.Nanoseconds.Keys);
        Assert.All(HostProfile.Reference.Nanoseconds.Values, time => Assert.True(time > 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Several_networks_at_once_give_the_times_of_each(bool withDealer)
    {
        ImmutableArray<TimeReport> times = PlanCosts.Times(SamplePlans.EveryStep, HostProfile.Reference, NetworkProfile.Known, withDealer);
        foreach ((TimeReport time, NetworkProfile network) in times.Zip(NetworkProfile.Known))
        {
            TimeReport alone = PlanCosts.Report(SamplePlans.EveryStep, HostProfile.Reference, network, withDealer).Time!;
            Assert.Equal((alone.Network, alone.SetupSeconds, alone.OfflineSeconds, alone.OnlineSeconds), (time.Network, time.SetupSeconds, time.OfflineSeconds, time.OnlineSeconds));
        }
    }

    [Fact]
    public void Seconds_of_steps_add_up()
    {
        TimeReport time = PlanCosts.Report(SamplePlans.EveryStep, Slow(1000), NetworkProfile.Resolve("wan")).Time!;

        Assert.Equal(time.SetupSeconds + time.OfflineSeconds, time.Steps.Sum(s => s.OfflineSeconds), 9);
        Assert.Equal(time.OnlineSeconds, time.Steps.Sum(s => s.OnlineSeconds), 9);
        Assert.Equal(3600 / time.OnlineSeconds, time.PreparedInferencesPerHour, 6);
    }

    /// <summary>With a network that takes no time, one party computes or the other: twice as slow is twice the time.</summary>
    [Fact]
    public void Time_is_linear_in_the_hosts_speed()
    {
        NetworkProfile none = new() { Name = "none", UploadMbps = 1e15, DownloadMbps = 1e15, RoundTripMs = 0 };
        TimeReport one = PlanCosts.Report(SamplePlans.EveryStep, Slow(50), none).Time!;
        TimeReport two = PlanCosts.Report(SamplePlans.EveryStep, Slow(100), none).Time!;

        Assert.True(one.OnlineSeconds > 0);
        Assert.Equal(2 * one.OfflineSeconds, two.OfflineSeconds, 6);
        Assert.Equal(2 * one.OnlineSeconds, two.OnlineSeconds, 6);
    }

    [Fact]
    public void A_message_takes_as_long_as_the_slowest_of_sending_link_and_receiving()
    {
        HostProfile host = Slow(0) with { Nanoseconds = Slow(0).Nanoseconds.SetItem(Primitive.GarbledGate, 1e6).SetItem(Primitive.StoredByte, 1e6) };
        NetworkProfile network = new() { Name = "x", UploadMbps = 8, DownloadMbps = 8, RoundTripMs = 200 };
        PlannedMessage message = new(0, new MessageCost(Phase.Online, Party.Client, 500_000));

        Assert.Equal(0.1 + 0.5, Play(sending: 200, receiving: 200), 9);
        Assert.Equal(0.1 + 0.9, Play(sending: 900, receiving: 200), 9);
        Assert.Equal(0.1 + 0.9, Play(sending: 200, receiving: 900), 9);

        double Play(long sending, long receiving)
        {
            Timeline timeline = new(host, network);
            timeline.Play(new MessageTransfer(message, WorkCost.Of(Primitive.GarbledGate, sending), WorkCost.Of(Primitive.StoredByte, receiving)));
            return timeline.Latest;
        }
    }

    /// <summary>A question of one second and an answer of one: the answer's last piece waits for the question's end.</summary>
    [Theory]
    [InlineData(100, 0.1 + 1 + 0.1 + 0.01)]
    [InlineData(4, 0.1 + 1 + 0.1 + 0.25)]
    [InlineData(1, 0.1 + 1 + 0.1 + 1)]
    public void An_answer_overlaps_with_its_question_but_for_a_piece(int pieces, double expected)
    {
        NetworkProfile network = new() { Name = "x", UploadMbps = 8, DownloadMbps = 8, RoundTripMs = 200 };
        PlannedMessage question = new(0, new MessageCost(Phase.Online, Party.Server, 1_000_000)), answer = new(0, new MessageCost(Phase.Online, Party.Client, 1_000_000));
        Timeline timeline = new(Slow(0), network);
        timeline.Play(new MessageTransfer(question));
        timeline.Play(new MessageTransfer(answer) { AnswerTo = question, AnswerPieces = pieces });
        Assert.Equal(expected, timeline.Latest, 9);
    }

    /// <summary>Two requests of a second each; the first's answer is on its way while the second arrives.</summary>
    [Fact]
    public void An_answer_need_not_wait_for_later_questions()
    {
        NetworkProfile network = new() { Name = "x", UploadMbps = 8, DownloadMbps = 8, RoundTripMs = 200 };
        PlannedMessage[] requests = [.. Enumerable.Range(0, 2).Select(i => new PlannedMessage(i, new MessageCost(Phase.Offline, Party.Client, 1_000_000)))];
        Timeline timeline = new(Slow(0), network);
        foreach (PlannedMessage request in requests)
            timeline.Play(new MessageTransfer(request));
        foreach (PlannedMessage request in requests)
            timeline.Play(new MessageTransfer(request with { Cost = request.Cost with { Sender = Party.Server } }) { AnswerTo = request });
        Assert.Equal(2 + 0.1 + 1 + 0.1, timeline.Latest, 9);
    }

    [Fact]
    public void Calibration_gives_every_primitive_a_time_and_survives_its_file()
    {
        HostProfile host = HostCalibration.Measure("here", TimeSpan.Zero);
        string path = Path.GetTempFileName();
        try
        {
            Assert.All(Enum.GetValues<Primitive>(), p => Assert.True(host.Nanoseconds[p] > 0, p.ToString()));
            File.WriteAllText(path, host.ToJson());
            Assert.Equal(host.ToJson(), HostProfile.Load(path).ToJson());
            File.WriteAllText(path, host.ToJson().Replace("garbled_gate", "garbled_goat", StringComparison.Ordinal));
            Assert.Contains("garbled_goat", Assert.Throws<FormatException>(() => HostProfile.Load(path)).Message, StringComparison.Ordinal);
            File.WriteAllText(path, """{ "name": "x", "nanoseconds": { "streamed_block": 1 } }""");
            Assert.Contains("'garbled_gate'", Assert.Throws<FormatException>(() => HostProfile.Load(path)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Contains("calibrate-host", Assert.Throws<FormatException>(() => HostProfile.Load(path)).Message, StringComparison.Ordinal);
    }

    private static HostProfile Slow(double nanoseconds) => new()
    {
        Name = "slow",
        Nanoseconds = Enum.GetValues<Primitive>().ToImmutableSortedDictionary(p => p, _ => nanoseconds),
    };

    private sealed record VirtualSession(double Total, double Online)
    {
        public static VirtualSession Run(NetworkProfile network, ExecutionPlan plan, ModelWeights weights)
        {
            EmulatedNetwork emulation = EmulatedNetwork.InVirtualTime(network);
            using SessionPair pair = SessionPair.Create(
                plan, weights,
                wrap: (party, channel) => party == Party.Client ? emulation.AttachClient(channel) : emulation.AttachServer(channel));
            pair.Client.Open();
            pair.Client.Prepare();
            double prepared = emulation.ClientTime.TotalSeconds;
            pair.Client.Infer(new float[plan.Values[0].Count]);
            double end = emulation.ClientTime.TotalSeconds;
            return new VirtualSession(end, end - prepared);
        }
    }
}
