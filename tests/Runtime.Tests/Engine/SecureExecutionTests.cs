using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

public sealed class SecureExecutionTests
{
    [Fact]
    public void A_plan_with_every_step_gives_the_clear_result_bit_for_bit()
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        FixedPointInterpreter interpreter = new(plan, SamplePlans.Weights);
        Random random = new(1);
        using SessionPair pair = SessionPair.Open(plan, SamplePlans.Weights);
        for (int run = 0; run < 5; run++)
        {
            float[] input = RandomInput(plan, random);
            InferenceResult result = pair.Client.Infer(input);
            DecodedOutput expected = interpreter.Infer(input);
            Assert.Equal((IEnumerable<float>)expected.Elements, result.Output);
            Assert.Equal((IEnumerable<int>)expected.Shape, result.Shape);
        }
    }

    [Fact]
    public void Prepared_inferences_are_used_in_order_and_once()
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        FixedPointInterpreter interpreter = new(plan, SamplePlans.Weights);
        Random random = new(2);
        using SessionPair pair = SessionPair.Open(plan, SamplePlans.Weights);
        pair.Client.Prepare();
        pair.Client.Prepare();
        Assert.Equal(2, pair.Client.PreparedInferences);
        for (int remaining = 1; remaining >= 0; remaining--)
        {
            float[] input = RandomInput(plan, random);
            Assert.Equal((IEnumerable<float>)interpreter.Infer(input).Elements, pair.Client.Infer(input).Output);
            Assert.Equal(remaining, pair.Client.PreparedInferences);
        }
    }

    public static TheoryData<string, ExecutionPlan> Plans => new() { { "every step", SamplePlans.EveryStep }, { "with noise", SamplePlans.Noisy } };

    [Theory]
    [MemberData(nameof(Plans))]
    public void Metered_messages_equal_the_cost_report_per_step_phase_and_direction(string name, ExecutionPlan plan)
    {
        Assert.NotEmpty(name);
        using SessionPair pair = SessionPair.Open(plan, SamplePlans.Weights);
        InferenceResult result = pair.Client.Infer(RandomInput(plan, new Random(3)));
        CostReport predicted = WithoutWork(PlanCosts.Report(plan));
        CostReport metered = CostReport.Create(
            plan, [.. pair.Client.SetupMessages, .. result.Statistics.Messages], step => predicted.Steps[step + 1].Protocol);
        Assert.Equal(predicted.ToJson(), metered.ToJson());
        Assert.Equal(predicted.Total.Offline.ClientBytes + predicted.Total.Online.ClientBytes, pair.ClientStreamBytes);
        Assert.Equal(predicted.Total.Offline.ServerBytes + predicted.Total.Online.ServerBytes, pair.ServerStreamBytes);
    }

    [Fact]
    public void Messages_with_a_dealer_equal_the_cost_report_of_that_session()
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        using SessionPair pair = SessionPair.OpenDealt(plan, SamplePlans.Weights);
        float[] input = RandomInput(plan, new Random(4));
        InferenceResult result = pair.Client.Infer(input);
        Assert.Equal((IEnumerable<float>)new FixedPointInterpreter(plan, SamplePlans.Weights).Infer(input).Elements, result.Output);
        CostReport predicted = PlanCosts.Report(plan, withDealer: true);
        long introductions = 2 * (DealerHandshake.HelloBytes + MessageHeader.Size);
        Assert.Equal(predicted.Total.Offline.ClientBytes + predicted.Total.Online.ClientBytes, pair.ClientStreamBytes + (introductions / 2));
        Assert.Equal(
            predicted.Total.Offline.ServerBytes + predicted.Total.Online.ServerBytes,
            pair.ServerStreamBytes + (introductions / 2) + DealtProgram.Request.Cost.Bytes);
        Assert.Equal(predicted.Total.Offline.HelperBytes, pair.DealerTranscript.Length + DealerHandshake.Seed.Cost.Bytes);
    }

    [Fact]
    public void The_server_refuses_an_inference_that_was_not_prepared()
    {
        ExecutionPlan plan = SamplePlans.EveryStep;
        using SessionPair pair = SessionPair.Open(plan, SamplePlans.Weights);
        TwoPartyProgram program = new(plan);
        // The server may refuse while the payload is still being sent.
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() =>
        {
            pair.ClientChannel.BeginSend(MessageKind.Infer, Phase.Online, TwoPartyProgram.InputStep, program.InferHeader.Length);
            pair.ClientChannel.Send(new byte[program.InferHeader.Length]);
            pair.ClientChannel.EndSend();
            pair.ClientChannel.BeginReceiveAny();
        });
        Assert.Contains("not prepared", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_server_bounds_prepared_inferences()
    {
        using SessionPair pair = SessionPair.Open(SamplePlans.EveryStep, SamplePlans.Weights, new SessionLimits { MaxPreparedInferences = 1 });
        pair.Client.Prepare();
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(pair.Client.Prepare);
        Assert.Contains("more than 1 prepared", failure.Message, StringComparison.Ordinal);
    }

    // What a meter sees.
    private static CostReport WithoutWork(CostReport report)
        => report with { Work = null, Storage = null, PeakMemory = null, Steps = [.. report.Steps.Select(s => s with { Work = null, Storage = null })] };

    private static float[] RandomInput(ExecutionPlan plan, Random random)
    {
        PlanValue input = plan.Values[plan.Steps[0].Output];
        float[] elements = new float[input.Count];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = (float)(input.Minimum + (random.NextDouble() * (input.Maximum - input.Minimum)));
        return elements;
    }
}
