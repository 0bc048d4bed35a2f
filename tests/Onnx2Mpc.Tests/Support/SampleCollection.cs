namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>Tests that share the compiled samples.</summary>
[CollectionDefinition(Name)]
public sealed class SampleCollection : ICollectionFixture<CompiledSample>
{
    public const string Name = "compiled samples";
}
