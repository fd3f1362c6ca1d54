# A job without public addresses. Copy it to terraform.tfvars; variables.tf has all that can be set besides.
project_id = "my-project"
region     = "europe-west1"

# The subnetwork needs Private Google Access. On a shared VPC, network_project is its host project.
network      = "my-network"
subnetwork   = "my-subnetwork"
network_tags = ["dataflow"]
# network_project = "my-host-project"

# The tag that the images are built with.
image_tag = "1.0.0"
