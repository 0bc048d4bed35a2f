using System.Text.Json;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.TwoParty.Polynomials;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Costs;

public sealed class WorkCostTests
{
    private static readonly CostReport s_report = PlanCosts.Report(SamplePlans.EveryStep);

    [Theory]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(1, 1)]
    public void Garbling_hashes_four_times_a_gate_and_whole_blocks_of_eight(int instances, int blocks)
    {
        Circuit circuit = SignCircuit.Create(17);

        WorkCost garbling = HalfGates.GarblingWork(circuit, instances), evaluation = HalfGates.EvaluationWork(circuit, instances);

        Assert.Equal(16 * 8 * blocks, garbling.Units[Primitive.GarbledGate]);
        Assert.Equal((4 * 16 * 8 * blocks) + (17 * instances), garbling.AesCalls);
        Assert.Equal(2 * 16 * 8 * blocks, evaluation.AesCalls);
    }

    [Theory]
    [InlineData(1, 1024)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 2048)]
    public void Transfers_stream_whole_chunks_and_the_offerer_one_in_sixteen_less(long count, long blocks)
    {
        Assert.Equal(4 * blocks, CorrelatedOt.ReceiverWork(count).AesCalls);
        Assert.Equal(4 * blocks * 15 / 16, CorrelatedOt.SenderWork(count).AesCalls);
    }

    /// <summary>
    /// One ciphertext each way at N = 4096 with three primes, counted by hand from the builders' loops. The image leaves no room
    /// for rows of 64.
    /// </summary>
    [Fact]
    public void A_layer_of_one_ciphertext_has_the_transforms_that_its_code_makes()
    {
        ConvolutionGeometry geometry = new() { InputChannels = 1, InputHeight = 65, InputWidth = 63, OutputChannels = 1, KernelHeight = 3, KernelWidth = 3 };
        RlweSettings settings = NoiseBudget.Choose(geometry, 24, 8);
        ConvolutionPacking packing = ConvolutionPacking.For(geometry, settings, 24);
        Assert.Equal((4096, 3, 1, 1, 1), (settings.Degree, settings.PrimeCount, packing.Patches, packing.InputTiles, packing.OutputTiles));

        WorkCost encryption = LinearLayerWork.Encryption(packing), evaluation = LinearLayerWork.Evaluation(packing, keptWeights: true);
        WorkCost decryption = LinearLayerWork.Decryption(packing);

        Assert.Equal((3, 9), (encryption.Transforms, evaluation.Transforms));
        Assert.Contains(decryption.Transforms, (long[])[4, 6]);
        Assert.Equal(3 * 12288, encryption.RingMultiplications);
        Assert.Equal((12288 + 8192) / 2, encryption.AesCalls);
        Assert.Equal(12288, evaluation.Units[Primitive.MultipliedResidue]);
        Assert.Equal(12, LinearLayerWork.Evaluation(packing, keptWeights: false).Transforms);
    }

    /// <summary>A dealer deals powers for one opening, whatever a plan prepares without one.</summary>
    [Theory]
    [InlineData("polynomial")]
    [InlineData("polynomial-binomial")]
    [InlineData("polynomial-beaver")]
    public void Stored_material_is_what_is_prepared_with_a_dealer_and_without(string kind)
    {
        (ExecutionPlan plan, _) = OneStepPlans.Create(kind, seed: 1);
        TwoPartyProgram program = new(plan);
        int step = Assert.Single(program.Schedule.PolynomialSteps);
        ulong[] share = new ulong[program.Polynomial(step).Count];
        foreach (bool withDealer in new[] { false, true })
        {
            using IPolynomialClient client = program.Polynomial(step, withDealer).CreateClient(share, share);
            using IPolynomialServer server = program.Polynomial(step, withDealer).CreateServer();
            PartyBytes kept = new() { ClientBytes = MaterialSize.Of(client.Keep), ServerBytes = MaterialSize.Of(server.Keep) };
            Assert.Equal(kept, PlanCosts.Report(plan, withDealer).Steps[step + 1].Storage);
        }

        Assert.IsType<PolynomialProtocol>(program.Polynomial(step, withDealer: true));
    }

    [Fact]
    public void Work_of_the_whole_is_the_sum_over_steps()
    {
        Assert.Equal(s_report.Steps.Sum(s => s.Work!.Offline.Client?.AesCalls ?? 0), s_report.Work!.Offline.Client!.AesCalls);
        Assert.Equal(s_report.Steps.Sum(s => s.Work!.Offline.Server?.Transforms ?? 0), s_report.Work.Offline.Server!.Transforms);
        Assert.Equal(s_report.Steps.Sum(s => s.Storage!.ClientBytes), s_report.Storage!.ClientBytes);
    }

    [Fact]
    public void A_garbled_step_stores_its_tables_and_labels()
    {
        StepCost relu = s_report.Steps.Single(s => s.Name == "relu");

        // Tables as they were sent, and a label for each bit of the client's: four words of 20 bits and a mask of 24, 8 times.
        Assert.Equal(relu.Offline.ServerBytes - 16 + (16 * 8 * ((4 * 20) + 24)), relu.Storage!.ClientBytes);
        Assert.Equal(16 + (8 * 24 / 8), relu.Storage.ServerBytes);
    }

    [Fact]
    public void A_linear_step_computes_nothing_at_the_client_online()
    {
        StepWork conv = s_report.Steps.Single(s => s.Name == "conv").Work!;

        Assert.Null(conv.Online.Client);
        Assert.Equal(32 * 4, conv.Online.Server!.Units[Primitive.MultiplyAccumulate]);
    }

    [Fact]
    public void Each_party_needs_more_memory_than_it_stores()
    {
        Assert.True(s_report.PeakMemory!.ClientBytes > s_report.Storage!.ClientBytes);
        Assert.True(s_report.PeakMemory.ServerBytes > s_report.Storage.ServerBytes);
    }

    [Fact]
    public void The_document_survives_and_leaves_out_what_a_party_does_not_do()
    {
        using JsonDocument document = JsonDocument.Parse(s_report.ToJson());
        JsonElement conv = document.RootElement.GetProperty("steps").EnumerateArray().Single(s => s.GetProperty("name").GetString() == "conv");

        Assert.False(conv.GetProperty("work").GetProperty("online").TryGetProperty("client", out _));
        Assert.True(conv.GetProperty("work").GetProperty("offline").GetProperty("client").GetProperty("units").TryGetProperty("encrypted_residue", out _));
        Assert.Equal(s_report.ToJson(), CostReport.FromJson(s_report.ToJson()).ToJson());
    }
}
