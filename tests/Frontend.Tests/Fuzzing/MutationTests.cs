using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR.Verification;

namespace PrivateInference.Frontend.Tests.Fuzzing;

/// <summary>Damaged models are refused or imported, with bounded memory; nothing else happens.</summary>
public class MutationTests
{
    private const int ModelsPerSeed = 400;

    private const long MaxAllocatedBytes = 200L << 20;

    private static readonly ImportOptions _options = new() { MaxComputedElements = 1 << 20, MaxInlinedNodes = 2000 };

    [Fact]
    public void The_models_to_damage_are_valid()
        => Assert.All(SeedModels.All, model => Assert.NotEmpty(model.Import(_options).Graph.Nodes));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_damaged_model_is_imported_or_refused_with_bounded_memory(int seed)
    {
        ModelProto[] models = [.. SeedModels.All.Select(m => m.Model)];
        for (int trial = 0; trial < ModelsPerSeed; trial++)
        {
            // Its own generator for each model, so that the numbers in a failure lead back to it.
            Random random = new((seed * 1_000_003) + trial);
            byte[] bytes = new ModelMutator(random).Mutate(models[trial % models.Length]);
            string? failure = Failure(bytes);
            Assert.True(failure is null, $"seed {seed}, trial {trial}, model {trial % models.Length}: {failure}");
        }
    }

    private static string? Failure(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            if (GraphVerifier.Verify(OnnxImporter.Import(bytes, _options).Graph) is { Count: > 0 } problems)
                return string.Join('\n', problems);
        }
        catch (Exception e) when (e is ModelFormatException or ModelNotSupportedException)
        {
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= MaxAllocatedBytes ? null : $"{allocated} bytes were allocated";
    }
}
