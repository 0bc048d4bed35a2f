namespace PrivateInference.Benchmarks;

/// <summary>Finds the repository that this tool was built in; the samples are measured from there.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Sample(string file) => Path.Combine(Root, "samples", "fashion-mnist", file);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PrivateInference.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The benchmarks run from a build inside the repository.");
    }
}
